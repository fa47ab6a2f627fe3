"""Options that several commands share, and how text reaches the person."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.style import Style
from rich.text import Text

from deploy.embedded.folder import DataFolder

DATA_DEFAULT = Path(".handoff")

Data = Annotated[
    Path,
    typer.Option(
        "--data",
        envvar="HANDOFF_DATA",
        help="The folder that holds all data of this stack.",
        show_default=".handoff below the current folder",
        file_okay=False,
    ),
]

Fresh = Annotated[bool, typer.Option("--fresh", help="Delete all data in the data folder first.")]


def data_folder(path: Path) -> DataFolder:
    return DataFolder(Path(os.path.abspath(path)))  # noqa: PTH100 - resolve() would follow links


def say(text: str) -> None:
    """Print one line at once, also when nobody's terminal is there."""
    Console(soft_wrap=True, highlight=False, markup=False).print(text)


def clickable(url: str) -> Text:
    """Return *url* for a table; a browser's address can be clicked where the terminal can do so."""
    return Text(url, Style(link=url) if url.startswith(("http://", "https://")) else "")
