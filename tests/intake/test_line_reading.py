"""What a mail tells is found where it is parsed, and reaches the sheet of its ticket."""

import json

from maild.intake.line import Intake
from tests.support.intakes import lay_down, look
from tests.support.mail_making import a_source


def test_the_sheet_names_the_row_of_the_mail_that_told_it(intake: Intake) -> None:
    lay_down(intake.store, a_source("Good morning, thank you for the coffee.\n", Message_ID="<0@x>"))
    (mail_id,) = lay_down(intake.store, a_source("The VPN fails with error code 809 since Monday.\n"))
    intake.take_in_all()
    sheet = look(intake.store, "SELECT sheet FROM tickets ORDER BY id DESC")[0][0]
    found = (sheet if isinstance(sheet, dict) else json.loads(str(sheet)))["found"]
    assert ("809", mail_id) in [(each["value"], each["mail"]) for each in found]
