"""A support bot's fixed rule as a skill of opsdroid."""

from opsdroid.matchers import match_regex
from opsdroid.skill import Skill


class PasswordAnswer(Skill):
    @match_regex(r"ask (?P<token>\S+): .*\bpassword\b")
    async def answer(self, message) -> None:
        token = message.regex.group("token")
        await message.respond(f"answer {token}: open the settings and choose <strong>Forgot password</strong>.")
