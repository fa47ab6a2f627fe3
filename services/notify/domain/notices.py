"""Who is told what, in which words, and which notices are urgent: one table of facts.

No words hold a fact about a participant: they say that something waits, not whom it concerns. The
one exception is an officer's outcome notice, which the participant agreed to and the disclosure
gate granted; its vocabulary is closed and nothing negative can be said in it. What is mailed says
less than what is shown after signing in, since mail lies in other people's systems.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# The moment from which on every referral reads the same to its referrer, whatever follows.
RECEIVED_AFTER = timedelta(hours=2)


class NoticeKind(StrEnum):
    REFERRAL_ARRIVED = "referral_arrived"
    HANDOFF_OFFERED = "handoff_offered"
    NOBODY_ACCEPTED = "nobody_accepted"
    NOBODY_CAME = "nobody_came"
    FOLLOWUP_DUE = "followup_due"
    FOLLOWUP_MISSED = "followup_missed"
    SOMEBODY_RETURNED = "somebody_returned"
    BREAK_GLASS_OPENED = "break_glass_opened"
    FIREWALL_TRIED = "firewall_tried"
    RECORDS_PROBED = "records_probed"
    RECEIVED_BY_THE_PROGRAMME = "received_by_the_programme"
    FEEDBACK_PUBLISHED = "feedback_published"
    CONNECTED = "connected"
    WORKING_TOGETHER = "working_together"
    COMPLETED = "completed"
    THANK_YOU = "thank_you"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in the languages of the programme's lists."""

    en: str
    es: str

    def said_in(self, language_code: str) -> str:
        return self.es if language_code == "es" else self.en


@dataclass(frozen=True, slots=True)
class Facts:
    """What is fixed about a kind; without a role it goes to one person at a time."""

    words: Words
    mail: Words
    role: str | None = None
    urgent: bool = False


SOMETHING_FOR_YOU = Words("There is a notice for you.", "Hay un aviso para usted.")
OWN_WORK = Words(
    "There is something new in your work.", "Hay una novedad en el trabajo que le corresponde."
)

ARRIVED = Words(
    "A referral has arrived and waits for somebody to accept it.",
    "Ha llegado una derivación y espera a que alguien la acepte.",
)
OFFERED = Words(
    "You are asked to take a handoff. Please answer now.",
    "Se le pide que tome una entrega en persona. Responda ahora, por favor.",
)
NOBODY_ACCEPTED = Words(
    "Nobody has accepted a referral in time. Please call somebody.",
    "Nadie ha aceptado una derivación a tiempo. Llame a alguien, por favor.",
)
NOBODY_CAME = Words(
    "Nobody could come to a handoff. Please see to it that the person is called.",
    "Nadie pudo acudir a una entrega. Asegúrese de que se llame a la persona.",
)
BREAK_GLASS = Words(
    "A record was opened in an emergency. Please review it.",
    "Se abrió un expediente en una emergencia. Revíselo, por favor.",
)
FIREWALL = Words(
    "Somebody whose work is enforcement asked for a record. They were shown nothing.",
    "Alguien que trabaja en la aplicación de la ley pidió un expediente. No se le mostró nada.",
)
PROBING = Words(
    "Somebody asked again and again for records that are not theirs. They were shown nothing.",
    "Alguien pidió una y otra vez expedientes que no le corresponden. No se le mostró nada.",
)
FEEDBACK = Words(
    "Figures of your agency's referrals have been published.",
    "Se han publicado las cifras de las derivaciones de su agencia.",
)

FACTS: Mapping[NoticeKind, Facts] = {
    NoticeKind.REFERRAL_ARRIVED: Facts(ARRIVED, ARRIVED, role="peer"),
    NoticeKind.HANDOFF_OFFERED: Facts(OFFERED, OFFERED, urgent=True),
    NoticeKind.NOBODY_ACCEPTED: Facts(
        NOBODY_ACCEPTED, NOBODY_ACCEPTED, role="coordinator", urgent=True
    ),
    NoticeKind.NOBODY_CAME: Facts(NOBODY_CAME, NOBODY_CAME, role="coordinator", urgent=True),
    NoticeKind.BREAK_GLASS_OPENED: Facts(
        BREAK_GLASS, BREAK_GLASS, role="privacy_officer", urgent=True
    ),
    NoticeKind.FIREWALL_TRIED: Facts(FIREWALL, SOMETHING_FOR_YOU, role="privacy_officer"),
    NoticeKind.RECORDS_PROBED: Facts(PROBING, SOMETHING_FOR_YOU, role="privacy_officer"),
    NoticeKind.FOLLOWUP_DUE: Facts(
        Words("A follow-up is due.", "Toca hacer un seguimiento."), OWN_WORK
    ),
    NoticeKind.FOLLOWUP_MISSED: Facts(
        Words(
            "The time for a follow-up has passed. The next one stands as planned.",
            "Ha pasado el plazo de un seguimiento. El siguiente sigue en pie.",
        ),
        OWN_WORK,
    ),
    NoticeKind.SOMEBODY_RETURNED: Facts(
        Words(
            "Somebody you have worked with has been referred again.",
            "Alguien con quien usted ha trabajado ha sido derivado de nuevo.",
        ),
        OWN_WORK,
    ),
    NoticeKind.RECEIVED_BY_THE_PROGRAMME: Facts(
        Words(
            "Your referral was received by the programme. Thank you.",
            "El programa ha recibido su derivación. Gracias.",
        ),
        SOMETHING_FOR_YOU,
    ),
    NoticeKind.FEEDBACK_PUBLISHED: Facts(FEEDBACK, FEEDBACK),
    NoticeKind.CONNECTED: Facts(
        Words(
            "The person you referred is connected with the programme.",
            "La persona que usted derivó está en contacto con el programa.",
        ),
        SOMETHING_FOR_YOU,
    ),
    NoticeKind.WORKING_TOGETHER: Facts(
        Words(
            "The person you referred and the programme are working together.",
            "La persona que usted derivó y el programa están trabajando juntos.",
        ),
        SOMETHING_FOR_YOU,
    ),
    NoticeKind.COMPLETED: Facts(
        Words(
            "The person you referred has completed the programme.",
            "La persona que usted derivó ha completado el programa.",
        ),
        SOMETHING_FOR_YOU,
    ),
    NoticeKind.THANK_YOU: Facts(
        Words(
            "The person you referred says thank you.",
            "La persona que usted derivó le da las gracias.",
        ),
        SOMETHING_FOR_YOU,
    ),
}

# What accompanies a disclosure (42 CFR 2.32(a)(2)), by version: what was shown can be said later.
STATEMENTS: Mapping[int, Words] = {
    1: Words(
        "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
        "La norma 42 CFR parte 2 prohíbe usar o divulgar estos registros sin autorización.",
    ),
}


def received_at(referred_at: datetime) -> datetime:
    """Return when a referrer is told that the programme has it: the same for every referral."""
    return referred_at + RECEIVED_AFTER


def statement(version: int) -> Words:
    """Return the statement of *version*; one that is not known here is said in the newest words."""
    return STATEMENTS.get(version) or STATEMENTS[max(STATEMENTS)]
