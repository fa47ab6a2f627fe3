"""Counts the steps of live handoffs, each exactly once, with plain nats-py and SQLite.

NATS_URL=$(cat .handoff/secrets/listener/nats_url) python docs/how-to/consumer.py told.db
"""

import asyncio
import json
import os
import sqlite3
import sys

import nats
from nats.errors import Error, TimeoutError
from nats.js.api import AckPolicy, ConsumerConfig

STREAM, DURABLE, SUBJECTS = "REFERRAL", "listener", "deflection.handoff.>"
CONFIG = ConsumerConfig(ack_policy=AckPolicy.EXPLICIT, filter_subject=SUBJECTS)
TABLES = """
CREATE TABLE IF NOT EXISTS inbox (event_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS told (referral_id TEXT, type TEXT, times INTEGER DEFAULT 1,
                                 PRIMARY KEY (referral_id, type));
"""
CLAIM = "INSERT INTO inbox VALUES (?) ON CONFLICT DO NOTHING"
COUNT = """INSERT INTO told (referral_id, type) VALUES (?, ?)
           ON CONFLICT (referral_id, type) DO UPDATE SET times = times + 1"""


def handle(database, event_id, kind, data):
    """Do what the event asks for; that it was done commits with it, so once is once."""
    with database:
        if database.execute(CLAIM, [event_id]).rowcount:
            database.execute(COUNT, [data["referral_id"], kind])


async def consume(connection, database):
    stream = connection.jetstream()
    place = await stream.pull_subscribe(SUBJECTS, durable=DURABLE, stream=STREAM, config=CONFIG)
    while True:
        try:
            [message] = await place.fetch(1, timeout=5)
        except TimeoutError:
            continue  # nothing new
        attributes, data = message.headers, json.loads(message.data)
        handle(database, attributes["ce-id"], attributes["ce-type"], data)
        await message.ack()  # only now: what a crash leaves unacknowledged comes again


async def main(path):
    database = sqlite3.connect(path)
    database.executescript(TABLES)
    connection = await nats.connect(os.environ["NATS_URL"], inbox_prefix=f"_INBOX_{DURABLE}")
    while True:
        try:
            await consume(connection, database)
        except Error as error:  # the stream or our place in it is gone: begin again
            print(f"again after {type(error).__name__}", file=sys.stderr)
            await asyncio.sleep(1)


asyncio.run(main(sys.argv[1]))
