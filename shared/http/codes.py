"""Code lists over HTTP, the same at every service, and the fields of bodies that hold a code.

The lists are part of the program and tell of nobody, so whoever has a role of ours may read them.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.events.codes.lists import CodeList, choices, code_list, code_lists
from shared.http.access import ALWAYS, Denied, Resource, SessionDep, acting, permit
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["codes"])

ACTION = "read_codes"
LISTED = "x-code-list"  # in JSON schemas: which list a field's codes are from
KIND = "CodeList"
ALL = "all"
# What is asked for goes into the audit log, which holds ids and codes only.
ListId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["needs"])]
Reader = Annotated[Caller, Depends(acting(ACTION, *Purpose))]


class CodeListLine(BaseModel):
    """A list, without its codes."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["needs"])
    version: int = Field(description="Higher by one whenever the list changed", examples=[1])
    description: str = Field(examples=["What a person says they need."])


class CodeView(BaseModel):
    """One code with its labels."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(examples=["housing"])
    en: str = Field(description="What people read, in English", examples=["Housing"])
    es: str = Field(description="The same in Spanish", examples=["Vivienda"])
    since: int = Field(description="The list's version in which it came", examples=[1])
    in_use: bool = Field(description="Retired codes are read and can no longer be sent")
    retired_in: int | None = Field(description="The list's version in which it was retired")
    can_be_chosen: bool = Field(description="What only the program sets cannot be sent either")
    note: str | None = Field(examples=["Asked for by several counties."])


class CodeListView(CodeListLine):
    """A list with its codes, in the order in which to show them."""

    codes: list[CodeView]


@router.get("/codes", response_model=list[CodeListLine], responses=problems(*ALWAYS))
async def get_code_lists(caller: Reader, session: SessionDep) -> list[CodeList]:
    """List the code lists; they are few, so there are no pages."""
    permit(session, caller, ACTION, Resource(KIND, ALL, caller.actor.programme_id))
    return list(code_lists().values())


@router.get("/codes/{list_id}", response_model=CodeListView, responses=problems(*ALWAYS))
async def get_code_list(list_id: ListId, caller: Reader, session: SessionDep) -> CodeList:
    """Read one list: every code it ever had, with labels in English and Spanish."""
    permit(session, caller, ACTION, Resource(KIND, list_id, caller.actor.programme_id))
    if list_id not in code_lists():
        raise Denied.missing(ACTION, kind=KIND, id=list_id)
    return code_list(list_id)


@dataclass(frozen=True, slots=True)
class ChosenCode:
    """Has Pydantic take only codes that a person can choose, and say so in the JSON schema."""

    list_id: str

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        listed = list(choices(self.list_id))
        return {**handler(schema), "enum": listed, LISTED: self.list_id}

    def _checked(self, code: str) -> str:
        if code not in choices(self.list_id):
            named: dict[str, Any] = {"list_id": self.list_id}
            raise PydanticCustomError("code_not_chosen", "No code to choose of {list_id}", named)
        return code


@dataclass(frozen=True, slots=True)
class ShownCode:
    """Says in the JSON schema of an answer which list a code is from; retired ones may appear."""

    list_id: str

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        example = code_list(self.list_id).codes[0].code
        return {**handler(schema), "examples": [example], LISTED: self.list_id}


def shown_code(list_id: str) -> ShownCode:
    """Mark a field of an answer, inside `Annotated[str, ...]`, as holding a code of one list.

    Raises:
        UnknownCodeError: there is no such list.
    """
    return ShownCode(code_list(list_id).id)


def code_field(list_id: str) -> ChosenCode:
    """Mark a field of a body, inside `Annotated[str, ...]`, as holding a code of one list.

    Raises:
        UnknownCodeError: there is no such list.
    """
    return ChosenCode(code_list(list_id).id)
