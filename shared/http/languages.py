"""What people read, in each language of the programmes."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from shared.events.codes.lists import label


class InBothLanguages(BaseModel):
    """The same words in English and in Spanish."""

    model_config = ConfigDict(from_attributes=True)

    en: str = Field(examples=["Housing"])
    es: str = Field(examples=["Vivienda"])

    @classmethod
    def of(cls, list_id: str, code: str) -> Self:
        """Return the label of a code.

        Raises:
            UnknownCodeError: the list has no such code.
        """
        return cls(en=label(list_id, code, language="en"), es=label(list_id, code, language="es"))
