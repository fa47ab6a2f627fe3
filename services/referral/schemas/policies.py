"""County policies as anybody may read them: what they say, since when, and where it was read."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from services.referral.domain.eligibility import PolicyVersion, RepeatKind, RepeatRule, Result
from services.referral.domain.exclusions import exclusions
from services.referral.domain.stated import Offence, Reason
from services.referral.use_cases.read_policies import Published
from shared.http.languages import InBothLanguages

REPEAT_WORDS = {
    RepeatKind.NOT_WITHIN_DAYS_OF_UNSUCCESSFUL_END: InBothLanguages(
        en="Not again within {days} days of a deflection that did not succeed. The coordinator"
        " judges it; it changes nothing that a referrer is told.",
        es="No de nuevo en los {days} días que siguen a una derivación sin éxito. Lo juzga la"
        " coordinación; no cambia nada de lo que se le dice a quien refiere.",
    )
}


class SourceView(BaseModel):
    """Where the rules were read, and how far that can be relied on."""

    title: str = Field(examples=["Deflection program criteria"])
    url: str = Field(examples=["https://example.org/criteria"])
    dated: date | None = Field(description="Absent when the text bears no date")
    confidence: str = Field(examples=["confirmed", "news", "lead"])


class OffenceView(BaseModel):
    """An offence that is deflected."""

    code: Offence
    words: InBothLanguages
    victim_must_consent: bool


class ExclusionView(BaseModel):
    """What is not simply let in, and what follows."""

    code: Reason
    words: InBothLanguages
    result: Result
    result_words: InBothLanguages


class RepeatView(BaseModel):
    """The county's limit on coming again, which no referral is judged by."""

    kind: RepeatKind
    days: int
    words: InBothLanguages

    @classmethod
    def of(cls, rule: RepeatRule) -> Self:
        said = REPEAT_WORDS[rule.kind]
        words = InBothLanguages(
            en=said.en.format(days=rule.days), es=said.es.format(days=rule.days)
        )
        return cls(kind=rule.kind, days=rule.days, words=words)


class VersionLine(BaseModel):
    """A version and its days, both included, by the county's calendar."""

    number: int
    effective_from: date
    effective_from_confidence: str = Field(examples=["confirmed", "news", "lead", "judgement"])
    effective_until: date | None


class VersionView(VersionLine):
    """What the county says from one day up to and including another."""

    sources: list[SourceView]
    offences: list[OffenceView]
    excluded: list[ExclusionView]
    repeat: RepeatView | None

    @classmethod
    def of(cls, version: PolicyVersion) -> Self:
        return cls.model_validate(
            {
                **_line(version).model_dump(),
                "sources": [_source(each) for each in version.sources],
                "offences": _offences(version),
                "excluded": _excluded(version),
                "repeat": RepeatView.of(version.repeat) if version.repeat else None,
            }
        )


class PolicyLine(BaseModel):
    """A county's policy and its version of today."""

    id: str = Field(examples=["multnomah"])
    title: str = Field(examples=["Multnomah County, Oregon"])
    in_force: VersionLine | None

    @classmethod
    def of(cls, published: Published) -> Self:
        version = published.in_force
        return cls(
            id=published.policy.id,
            title=published.policy.county,
            in_force=_line(version) if version else None,
        )


class PolicyView(PolicyLine):
    """A county's policy with every version, newest first."""

    versions: list[VersionView]

    @classmethod
    def of(cls, published: Published) -> Self:
        line = PolicyLine.of(published)
        versions = [VersionView.of(each) for each in reversed(published.policy.versions)]
        return cls(id=line.id, title=line.title, in_force=line.in_force, versions=versions)


def _line(version: PolicyVersion) -> VersionLine:
    return VersionLine.model_validate(version, from_attributes=True)


def _source(source: object) -> SourceView:
    return SourceView.model_validate(source, from_attributes=True)


def _offences(version: PolicyVersion) -> list[OffenceView]:
    asks_victim = {
        code: rule.victim_must_consent for rule in version.covered for code in rule.offences
    }
    return [
        OffenceView(
            code=code,
            words=InBothLanguages.of("offences", code),
            victim_must_consent=asks_victim[code],
        )
        for code in Offence
        if code in asks_victim
    ]


def _excluded(version: PolicyVersion) -> list[ExclusionView]:
    return [
        ExclusionView(
            code=reason,
            words=InBothLanguages.of("eligibility_reasons", reason),
            result=result,
            result_words=InBothLanguages.of("eligibility_results", result),
        )
        for result, reason in exclusions(version)
    ]
