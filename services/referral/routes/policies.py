"""What each county has published of whom it deflects: public facts, for everybody who signs in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from services.referral.schemas.policies import PolicyLine, PolicyView
from services.referral.use_cases import read_policies
from shared.http.access import ALWAYS, SessionDep, acting
from shared.http.problems import problems
from shared.policy.actor import Caller, Purpose

router = APIRouter(prefix="/eligibility-policies", tags=["eligibility policies"])

Reader = Annotated[Caller, Depends(acting(read_policies.ACTION, *Purpose))]
# What is asked for goes into the audit log, which holds ids and codes only.
County = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["multnomah"])]


@router.get("", responses=problems(*ALWAYS))
async def get_policies(caller: Reader, session: SessionDep) -> list[PolicyLine]:
    """List the county policies and their versions of today; they are few, so without pages."""
    return [PolicyLine.of(each) for each in await read_policies.list_policies(session, caller)]


@router.get("/{county}", responses=problems(*ALWAYS))
async def get_policy(county: County, caller: Reader, session: SessionDep) -> PolicyView:
    """Read one county's policy: every version, what it deflects, excludes and rests on."""
    return PolicyView.of(await read_policies.read_policy(session, caller, county))
