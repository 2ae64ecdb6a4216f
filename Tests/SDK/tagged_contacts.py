"""What the official Python SDK sees in the sandbox after a runbook has tagged contacts.

usage: tagged_contacts.py BASE-URL TAG IDS-FILE

IDS-FILE holds the JSON list of the ids that Parlance says carry the tag. The SDK finds them on its own
by search and by listing everybody; all three must be the same set.
"""

import json
import sys
import time

from intercom import Intercom, SingleFilterSearchRequest, StartingAfterPaging

QUIET_SECONDS = 90 * 86_400  # the runbook's default
passed = failed = 0


def expect(what, holds, detail=""):
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"failed  {what}{': ' if detail else ''}{detail}")


def pages(fetch):
    """All items of a cursor-paged answer. The SDK's own pager for searches sends the first request again."""
    cursor, seen = None, set()
    while True:
        page = fetch(cursor)
        yield from page.items or []
        following = page.response.pages.next if page.response.pages else None
        cursor = following.starting_after if following else None
        if not cursor:
            return
        if cursor in seen:
            raise SystemExit(f"failed  paging goes in circles at {cursor}")
        seen.add(cursor)


def differences(one, other):
    return f"only here {sorted(one - other)[:5]}, only there {sorted(other - one)[:5]}"


def main():
    base_url, tag_name, ids_file = sys.argv[1:4]
    with open(ids_file, encoding="utf-8") as file:
        said = [str(id) for id in json.load(file)]
    client = Intercom(token="sandbox", base_url=base_url)

    tags = [tag for tag in client.tags.list().data or [] if tag.name == tag_name]
    expect("one tag bears the name", len(tags) == 1, f"{len(tags)} do")
    if len(tags) != 1:
        return
    tag = tags[0]

    query = SingleFilterSearchRequest(field="tag_id", operator="=", value=tag.id)
    found = list(pages(lambda cursor: client.contacts.search(
        query=query, pagination=StartingAfterPaging(per_page=50, starting_after=cursor))))
    everybody = list(pages(lambda cursor: client.contacts.list(per_page=50, starting_after=cursor)))
    carrying = [c for c in everybody if any(t.id == tag.id for t in (c.tags.data if c.tags else None) or [])]

    found_ids, listed_ids, said_ids = {c.id for c in found}, {c.id for c in carrying}, set(said)
    expect("somebody was tagged", said_ids)
    expect("nobody is named twice", len(said) == len(said_ids) and len(found) == len(found_ids))
    expect("search finds whom Parlance names", found_ids == said_ids, differences(found_ids, said_ids))
    expect("the list shows whom Parlance names", listed_ids == said_ids, differences(listed_ids, said_ids))
    expect("not everybody was tagged", len(everybody) > len(said_ids))
    limit = time.time() - QUIET_SECONDS + 600
    wrong = [c.id for c in carrying if c.role != "user" or not c.last_seen_at or c.last_seen_at > limit]
    expect("only quiet users were tagged", not wrong, f"not {wrong[:5]}")
    print(f"{len(said_ids)} of {len(everybody)} contacts carry the tag {tag_name!r}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print(__doc__)
        raise SystemExit(2)
    main()
    print(f"{passed} passed, {failed} failed")
    raise SystemExit(1 if failed else 0)
