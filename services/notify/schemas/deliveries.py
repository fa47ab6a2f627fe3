"""The ledger as it is read."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.notify.domain.deliveries import Channel, Reason, State
from shared.http.staff import ShownStaffId


class DeliveryView(BaseModel):
    """What was to reach somebody, and what became of it."""

    id: UUID
    notice_id: UUID
    recipient_id: ShownStaffId | None = Field(description="Absent while nobody may be told")
    channel: Channel
    state: State
    reason_code: Reason | None
    planned_at: datetime
    at: datetime
