"""What every body refuses."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.http.bodies import Strict


class Body(Strict):
    line: str = ""
    more: dict[str, list[str]] = {}  # noqa: RUF012 - pydantic copies it


@pytest.mark.parametrize("body", [{"line": "a\0b"}, {"more": {"a": ["\0"]}}, {"more": {"\0": []}}])
def test_a_text_that_postgresql_cannot_keep_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="To mend"):
        Body.model_validate(body)
