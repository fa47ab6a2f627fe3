"""A day's work: contacts, follow-ups, and how a person may safely be reached."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, status
from pydantic import UUID7

from services.casework.domain.followups import FollowupState
from services.casework.errors import (
    ContactDiffers,
    ContactInFuture,
    ContactTooEarly,
    EpisodeClosedBefore,
    FollowupOver,
)
from services.casework.schemas.work import (
    CompletionBody,
    ContactBody,
    Contacts,
    ContactView,
    ContactWithNote,
    FollowupView,
    SafeContactBody,
    SafeContactView,
)
from services.casework.tables.work import Followup
from services.casework.use_cases import (
    confirm_safe_contact,
    follow_up,
    log_contact,
    read_contacts,
    read_followups,
)
from services.casework.use_cases.log_contact import LogContact
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.paging import BadCursor, Cursor, Limit, Page, Position, decode, paged
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(tags=["work"])

CARE = Purpose.CARE_COORDINATION


@router.put(
    "/contacts/{contact_id}",
    status_code=status.HTTP_201_CREATED,
    responses=problems(
        ContactDiffers, ContactInFuture, ContactTooEarly, EpisodeClosedBefore, FollowupOver, *ALWAYS
    ),
)
async def put_contact(
    contact_id: UUID7,
    body: ContactBody,
    caller: Annotated[Caller, Depends(acting("log_contact", CARE))],
    session: SessionDep,
    request: Request,
) -> ContactView:
    """Log a contact or an attempt. Send it again after signal loss: once is enough."""
    stated = body.model_dump(exclude={"needs"})
    command = LogContact(
        contact_id=contact_id,
        need_codes=tuple(body.needs),
        whole=body.model_dump_json().encode(),
        **stated,
    )
    logged = await log_contact.log_contact(
        session,
        caller,
        command,
        vault=request.app.state.vault,
        hash_key=request.app.state.hash_key,
    )
    return ContactView.model_validate(logged, from_attributes=True)


@router.get("/episodes/{episode_id}/contacts", responses=problems(*ALWAYS))
async def get_contacts(
    episode_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_contacts", CARE))],
    session: SessionDep,
    request: Request,
    limit: Limit = 50,
) -> Contacts:
    """List an episode's contacts with their notes, newest first."""
    found = await read_contacts.read_contacts(
        session, caller, episode_id, vault=request.app.state.vault, limit=limit
    )
    items = []
    for contact, note in found:
        view = ContactView.model_validate(contact, from_attributes=True)
        items.append(ContactWithNote(**view.model_dump(), note=note))
    return Contacts(items=items)


@router.get("/followups", responses=problems(BadCursor, *ALWAYS))
async def get_followups(
    caller: Annotated[Caller, Depends(acting("list_followups", CARE))],
    session: SessionDep,
    *,
    mine: bool = False,
    state: FollowupState | None = None,
    episode_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[FollowupView]:
    """List follow-ups, soonest first; `mine` are those of the episodes you work on."""
    rows = await read_followups.list_followups(
        session,
        caller,
        mine=mine,
        state=state,
        episode_id=episode_id,
        after=decode(cursor) if cursor else None,
        limit=limit + 1,
    )
    return paged(
        rows,
        limit=limit,
        show=lambda row: _view(row.followup, overdue=row.overdue),
        position=lambda row: Position(row.followup.due_at, row.followup.id),
    )


@router.put("/followups/{followup_id}/completion", responses=problems(FollowupOver, *ALWAYS))
async def put_completion(
    followup_id: UUID,
    body: CompletionBody,
    caller: Annotated[Caller, Depends(acting("complete_followup", CARE))],
    session: SessionDep,
) -> FollowupView:
    """Say that a follow-up took place. Again changes nothing; after it was missed, 409."""
    done = await follow_up.complete_followup(
        session, caller, followup_id, contact_id=body.contact_id
    )
    return _view(done, overdue=False)


@router.put("/intakes/{referral_id}/safe-contact", responses=problems(*ALWAYS))
async def put_safe_contact(
    referral_id: UUID,
    body: SafeContactBody,
    caller: Annotated[Caller, Depends(acting("confirm_safe_contact", CARE))],
    session: SessionDep,
) -> SafeContactView:
    """Confirm how the person may safely be reached; what is planned moves into those hours."""
    confirmed = await confirm_safe_contact.confirm_safe_contact(
        session, caller, referral_id, body.model_dump()
    )
    return SafeContactView.model_validate(confirmed, from_attributes=True)


@router.get("/intakes/{referral_id}/safe-contact", responses=problems(*ALWAYS))
async def get_safe_contact(
    referral_id: UUID,
    caller: Annotated[Caller, Depends(acting("read_safe_contact", CARE))],
    session: SessionDep,
) -> SafeContactView | None:
    """Show what was last confirmed of how the person may be reached; nothing if nobody asked."""
    found = await confirm_safe_contact.read_safe_contact(session, caller, referral_id)
    return SafeContactView.model_validate(found, from_attributes=True) if found else None


def _view(followup: Followup, *, overdue: bool) -> FollowupView:
    columns = FollowupView.model_fields.keys() - {"overdue"}
    shown = {name: getattr(followup, name) for name in columns}
    return FollowupView.model_validate({**shown, "overdue": overdue})
