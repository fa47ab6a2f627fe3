"""The code lists as every service answers them."""

from shared.events.codes.lists import code_lists
from tests.service.apps import ServiceApp


async def test_every_service_answers_every_list_with_both_labels(each_service: ServiceApp) -> None:
    asking = each_service.as_("peer-willow")

    listed = (await asking.get("/codes")).json()

    assert [each["id"] for each in listed] == list(code_lists())
    for line in listed:
        shown = (await asking.get(f"/codes/{line['id']}")).json()
        assert {name: shown[name] for name in line} == line
        kept = [each.code for each in code_lists()[line["id"]].codes]
        assert [each["code"] for each in shown["codes"]] == kept
        assert all(each["en"] and each["es"] for each in shown["codes"])


async def test_what_was_read_is_audited_by_the_name_of_the_list(each_service: ServiceApp) -> None:
    for path in ("/codes", "/codes/needs", "/codes/wishes"):
        await each_service.as_("medic-linden").get(path)

    assert await each_service.audited() == [
        ("medic-linden", "read_codes", "all", "allowed", "everybody_reads_codes"),
        ("medic-linden", "read_codes", "needs", "allowed", "everybody_reads_codes"),
        ("medic-linden", "read_codes", "wishes", "denied", "no_such_record"),
    ]


async def test_without_a_role_of_ours_nobody_reads_them(each_service: ServiceApp) -> None:
    claims = {"sub": "nobody", "function": "care", "programme": "alder-county"}
    for roles in ([], ["librarian"]):
        answer = await each_service.as_forged(**claims, roles=roles).get("/codes/needs")
        assert answer.status_code == 404
