"""A support bot's fixed rule as a plugin of maubot."""

from maubot import MessageEvent, Plugin
from maubot.handlers import command


class PasswordAnswer(Plugin):
    @command.passive(r"ask (\S+): .*\bpassword\b")
    async def answer(self, event: MessageEvent, match: tuple[str, ...]) -> None:
        await event.respond(f"answer {match[1]}: open the settings and choose **Forgot password**.")
