"""The story: refer, hand off, enrol, follow up, relapse, return; then a quarter, for feedback.

Every person, agency and programme in it is made up.
"""

from deploy.demo import care, opening, quarter, relapse
from deploy.demo.onlooker import Onlooker
from deploy.demo.stage import Stage

OF_ONE_PERSON = (
    *(opening.set_up, opening.refer, opening.hand_off),
    *(
        care.enrol,
        care.log_contacts,
        care.open_in_an_emergency,
        care.follow_up,
        care.tell_officer,
        care.close,
    ),
    *(
        relapse.come_back,
        relapse.judge_history,
        relapse.release,
        relapse.read_timeline,
        relapse.try_casework,
    ),
)
OF_AN_AGENCY = (quarter.play, quarter.give_feedback)


def tell(stage: Stage) -> Onlooker:
    """Play every act in turn; return who can go on looking.

    Raises:
        CliError: which step did not come true, and why.
    """
    see = Onlooker(stage)
    for act in OF_ONE_PERSON:
        act(stage, see)
    stage.report.events = stage.told()
    for act in OF_AN_AGENCY:
        act(stage, see)
    stage.report.events_of_quarter = stage.told(beyond=stage.report.events)
    return see
