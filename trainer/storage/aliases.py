"""Progress follows cards that have no id of their own from one version of their text to the next.

The library notices which card became which; what concerns a learner is copied into the learner's
own file, so that it outlives the library's cache and travels with the log.
"""

import sqlite3

from trainer.storage.database import transaction

_NEWS = """
with recursive chain (old_id, new_id, at) as (
    select old_id, new_id, at from library.alias
    where old_id in (select card_id from main.review union all select card_id from main.mark)
    union
    select a.old_id, a.new_id, a.at from chain c join library.alias a on a.old_id = c.new_id
)
select old_id, new_id, at from chain c where not exists (
    select 1 from main.card_alias k where k.old_id = c.old_id and k.new_id = c.new_id
) order by at
"""


def adopt_aliases(connection: sqlite3.Connection) -> int:
    """Copy what the attached `library` knows about cards in this learner's log; how many were new.

    The caches over the log follow by the table `card_alias`.
    """
    if connection.execute("select 1 from library.alias limit 1").fetchone() is None:
        return 0
    news = connection.execute(_NEWS).fetchall()
    if news:
        with transaction(connection):
            connection.executemany("insert or ignore into card_alias values (?, ?, ?)", news)
    return len(news)
