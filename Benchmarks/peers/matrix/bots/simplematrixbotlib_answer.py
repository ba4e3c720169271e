"""A support bot's fixed rule with simplematrixbotlib. Home server and account come from the environment."""

import os
import re

import simplematrixbotlib as botlib

RULE = re.compile(r"ask (\S+): .*\bpassword\b")

# The session is kept, so that it logs in once.
credentials = botlib.Creds(
    os.environ["BOT_HOMESERVER"], os.environ["BOT_USER"], os.environ["BOT_PASSWORD"], session_stored_file="session.txt")
bot = botlib.Bot(credentials)


@bot.listener.on_message_event
async def answer(room, message) -> None:
    match = RULE.match(message.body)
    if match and botlib.MessageMatch(room, message, bot).is_not_from_this_bot():
        await bot.api.send_markdown_message(
            room.room_id, f"answer {match[1]}: open the settings and choose **Forgot password**.")


bot.run()
