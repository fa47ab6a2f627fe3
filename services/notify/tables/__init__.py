"""The notify service's tables: who is to be told what kind of thing, and nothing personal.

Of members of staff there is what handing over needs: role, agency, address, language.
"""

from services.notify.tables import feedback, notices, staff
from services.notify.tables.base import metadata

__all__ = ["feedback", "metadata", "notices", "staff"]
