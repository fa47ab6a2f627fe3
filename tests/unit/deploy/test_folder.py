"""The data folder: ours, locked by one, wiped only when it is ours."""

from pathlib import Path

import pytest

from deploy.embedded.errors import EmbeddedError
from deploy.embedded.folder import DataFolder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "deep" / "data")
    made.prepare()
    return made


def test_a_new_folder_is_the_owners_alone(folder: DataFolder) -> None:
    assert folder.path.stat().st_mode & 0o777 == 0o700


def test_a_prepared_folder_is_known_again(folder: DataFolder) -> None:
    (folder.path / "pg").mkdir()

    folder.prepare()


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(EmbeddedError, match=r"holds other things than Handoff's data: .*--data"):
        DataFolder(tmp_path).prepare()


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(EmbeddedError, match=r"cannot be used \(File exists\)"):
        DataFolder(tmp_path / "data").prepare()


def test_only_one_holds_the_lock_at_a_time(folder: DataFolder) -> None:
    with (
        folder.locked(),
        pytest.raises(EmbeddedError, match=r"^Handoff already runs on .* \(process \d+\): stop it"),
        folder.locked(),
    ):
        pass

    with folder.locked():
        pass


def test_wiping_keeps_marker_and_lock_and_nothing_else(folder: DataFolder) -> None:
    (folder.path / "pg" / "cluster").mkdir(parents=True)
    (folder.path / "state.json").write_text("{}")

    with folder.locked():
        folder.wipe()

    assert {each.name for each in folder.path.iterdir()} == {".handoff-data", "lock", ".gitignore"}


def test_wiping_follows_no_link_out_of_the_folder(folder: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.txt").write_text("years of work")
    (folder.path / "logs").symlink_to(tmp_path / "precious")

    folder.wipe()

    assert (tmp_path / "precious" / "thesis.txt").exists()


def test_a_folder_without_our_marker_is_never_wiped(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(EmbeddedError, match="nothing is deleted"):
        DataFolder(tmp_path).wipe()

    assert (tmp_path / "thesis.txt").exists()
