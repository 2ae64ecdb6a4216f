"""The official Python SDK against the sandbox: calls of all its groups, its pagers to the end, its typed errors.

usage: all_groups.py COMMAND…        (COMMAND starts a sandbox with the demo seed)

The SDK is taken as it is. Its one group without a stable client, news, is called through its unstable one; the
attributes of ticket types are a group of the description that the SDK has under `ticket_types`.
"""

import itertools
import sys
import time

import httpx
from intercom import Intercom
from intercom.errors import BadRequestError, NotFoundError, UnauthorizedError, UnprocessableEntityError
from intercom.core.api_error import ApiError

from sandbox import Sandbox

ADMIN, OTHER, TEAM = "991267701", "991267702", "5017691"
QUIET = {"max_retries": 0}

# The groups of version 2.12, by the SDK's names. What else the SDK has is of later versions.
GROUPS = {
    "admins", "ai_content", "articles", "companies", "contacts", "conversations", "data_attributes", "events",
    "data_export", "help_centers", "messages", "news", "notes", "segments", "subscription_types",
    "phone_call_redirects", "tags", "teams", "ticket_states", "ticket_type_attributes", "ticket_types", "tickets",
    "visitors",
}


class Report:
    def __init__(self):
        self.calls, self.groups, self.failures = set(), set(), []

    def call(self, name, function, /, *arguments, holds=None, **named):
        """Calls `function`; what it gives must make `holds` true."""
        self.calls.add(name)
        self.groups.add(name.split(".")[0])
        try:
            given = function(*arguments, **named, request_options=QUIET)
        except Exception as error:  # whatever the SDK throws is a failure of the call
            self.failures.append(f"{name}: {type(error).__name__}: {str(error)[:300]}")
            return None
        if holds is not None:
            try:
                good = holds(given)
            except Exception as error:
                good, given = False, f"{type(error).__name__} {error} on {given!r}"
            if not good:
                self.failures.append(f"{name}: unexpected: {str(given)[:300]}")
        return given

    def refused(self, name, kind, status, function, /, *arguments, **named):
        self.calls.add(name)
        try:
            function(*arguments, **named, request_options=QUIET)
            self.failures.append(f"{name}: was not refused")
        except ApiError as error:
            if not isinstance(error, kind) or error.status_code != status:
                self.failures.append(f"{name}: {type(error).__name__} {error.status_code}, not {status}")
            elif "errors" not in str(error.body):
                self.failures.append(f"{name}: no list of errors in {error.body}")


def main(address):
    r, c = Report(), Intercom(token="sandbox", base_url=address)
    now = int(time.time())

    # Admins, teams
    r.call("admins.identify", c.admins.identify, holds=lambda a: a.app.id_code and a.email)
    r.call("admins.list", c.admins.list, holds=lambda a: len(a.admins) == 6)
    r.call("admins.find", c.admins.find, int(ADMIN), holds=lambda a: a.id == ADMIN)
    r.call("admins.away", c.admins.away, int(ADMIN), away_mode_enabled=True, away_mode_reassign=False,
           holds=lambda a: a.away_mode_enabled)
    r.call("admins.list_all_activity_logs", c.admins.list_all_activity_logs, created_at_after=str(now - 86400),
           holds=lambda a: a.activity_logs)
    r.call("teams.list", c.teams.list, holds=lambda t: len(t.teams) == 3)
    r.call("teams.find", c.teams.find, TEAM, holds=lambda t: t.name)

    # Contacts and what hangs on them
    user = r.call("contacts.create", c.contacts.create,
                  request={"email": "sdk@example.com", "external_id": "sdk-1", "name": "SDK"},
                  holds=lambda u: u.role == "user")
    lead = r.call("contacts.create", c.contacts.create, request={"role": "lead", "email": "lead@example.com"})
    r.call("contacts.find", c.contacts.find, user.id, holds=lambda u: u.email == "sdk@example.com")
    r.call("contacts.update", c.contacts.update, user.id, name="New name", holds=lambda u: u.name == "New name")
    r.call("contacts.merge_lead_in_user", c.contacts.merge_lead_in_user, lead_id=lead.id, contact_id=user.id,
           holds=lambda u: u.id == user.id)
    r.call("contacts.archive", c.contacts.archive, user.id, holds=lambda u: u.archived)
    r.call("contacts.unarchive", c.contacts.unarchive, user.id, holds=lambda u: not u.archived)
    r.call("subscription_types.list", c.subscription_types.list, holds=lambda s: len(s.data) == 3)
    r.call("contacts.attach_subscription", c.contacts.attach_subscription, user.id, subscription_id="1",
           consent_type="opt_out", holds=lambda s: s.id == "1")
    r.call("contacts.list_attached_subscriptions", c.contacts.list_attached_subscriptions, user.id,
           holds=lambda s: len(s.data) == 1)
    r.call("contacts.detach_subscription", c.contacts.detach_subscription, user.id, "1")
    r.call("contacts.list_attached_segments", c.contacts.list_attached_segments, user.id,
           holds=lambda s: s.data is not None)
    note = r.call("notes.create", c.notes.create, user.id, body="Called", admin_id=ADMIN,
                  holds=lambda n: "Called" in n.body)
    r.call("notes.find", c.notes.find, int(note.id), holds=lambda n: n.id == note.id)
    r.call("notes.list", c.notes.list, user.id, holds=lambda p: [n.id for n in p] == [note.id])

    # Tags
    tag = r.call("tags.create", c.tags.create, request={"name": "from the SDK"}, holds=lambda t: t.id)
    r.call("tags.list", c.tags.list, holds=lambda t: any(x.id == tag.id for x in t.data))
    r.call("tags.find", c.tags.find, tag.id, holds=lambda t: t.name == "from the SDK")
    r.call("tags.tag_contact", c.tags.tag_contact, user.id, tag_id=tag.id, holds=lambda t: t.id == tag.id)
    r.call("contacts.list_attached_tags", c.contacts.list_attached_tags, user.id,
           holds=lambda t: [x.id for x in t.data] == [tag.id])
    r.call("tags.untag_contact", c.tags.untag_contact, user.id, tag.id)

    # Companies
    company = r.call("companies.create_or_update", c.companies.create_or_update,
                     request={"company_id": "sdk-1", "name": "SDK Ltd", "plan": "Pro"},
                     holds=lambda x: x.company_id == "sdk-1")
    r.call("companies.find", c.companies.find, company.id, holds=lambda x: x.id == company.id)
    r.call("companies.retrieve", c.companies.retrieve, company_id="sdk-1", holds=lambda x: x.id == company.id)
    r.call("companies.update", c.companies.update, company.id, request={"name": "SDK AG"},
           holds=lambda x: x.name == "SDK AG")
    r.call("companies.attach_contact", c.companies.attach_contact, user.id, company_id=company.id)
    r.call("companies.list_attached_contacts", c.companies.list_attached_contacts, company.id,
           holds=lambda x: [u.id for u in x.data] == [user.id])
    r.call("companies.list_attached_segments", c.companies.list_attached_segments, company.id)
    # The SDK looks for the items under a key that the API does not use here: no items, but a count.
    r.call("contacts.list_attached_companies", c.contacts.list_attached_companies, user.id,
           holds=lambda p: p.response.total_count == 1)
    r.call("companies.detach_contact", c.companies.detach_contact, user.id, company.id)

    # Conversations
    message = r.call("conversations.create", c.conversations.create, from_={"type": "user", "id": user.id},
                     body="I need support", holds=lambda m: m.conversation_id)
    talk = message.conversation_id
    r.call("conversations.find", c.conversations.find, talk, holds=lambda x: x.state == "open")
    r.call("conversations.update", c.conversations.update, talk, read=True, holds=lambda x: x.read)
    r.call("conversations.reply", c.conversations.reply, talk,
           request={"message_type": "comment", "type": "admin", "admin_id": ADMIN, "body": "Hello"},
           holds=lambda x: x.conversation_parts.total_count == 1)
    r.call("conversations.manage", c.conversations.manage, talk,
           request={"message_type": "close", "type": "admin", "admin_id": ADMIN},
           holds=lambda x: x.state == "closed")
    r.call("conversations.manage", c.conversations.manage, talk,
           request={"message_type": "assignment", "type": "admin", "admin_id": ADMIN, "assignee_id": OTHER},
           holds=lambda x: x.state == "open" and str(x.admin_assignee_id) == OTHER)
    part = c.conversations.find(talk).conversation_parts.conversation_parts[0].id
    r.call("conversations.redact_conversation_part", c.conversations.redact_conversation_part,
           request={"type": "conversation_part", "conversation_id": talk, "conversation_part_id": part})
    r.call("tags.tag_conversation", c.tags.tag_conversation, talk, tag_id=tag.id, admin_id=ADMIN)
    r.call("tags.untag_conversation", c.tags.untag_conversation, talk, tag.id, admin_id=ADMIN)
    guest = c.contacts.create(request={"email": "guest@example.com"})
    r.call("conversations.attach_contact_as_admin", c.conversations.attach_contact_as_admin, talk,
           admin_id=ADMIN, customer={"intercom_user_id": guest.id})
    r.call("conversations.detach_contact_as_admin", c.conversations.detach_contact_as_admin, talk, guest.id,
           admin_id=ADMIN)
    r.call("conversations.convert_to_ticket", c.conversations.convert_to_ticket, int(talk), ticket_type_id="1",
           holds=lambda t: t.ticket_type.id == "1")
    r.call("messages.create", c.messages.create,
           request={"message_type": "email", "subject": "S", "body": "B", "template": "plain",
                    "from": {"type": "admin", "id": int(ADMIN)}, "to": {"type": "user", "id": user.id}},
           holds=lambda m: m.subject == "S")

    # Tickets
    kind = r.call("ticket_types.create", c.ticket_types.create,
                  request={"name": "SDK type", "category": "Customer"}, holds=lambda t: t.name == "SDK type")
    r.call("ticket_types.list", c.ticket_types.list, holds=lambda t: len(t.data) == 4)
    r.call("ticket_types.get", c.ticket_types.get, kind.id, holds=lambda t: t.id == kind.id)
    r.call("ticket_types.update", c.ticket_types.update, kind.id, description="D",
           holds=lambda t: t.description == "D")
    attribute = r.call("ticket_type_attributes.create", c.ticket_types.attributes.create, kind.id, name="area",
                       description="d", data_type="string", holds=lambda a: a.name == "area")
    r.call("ticket_type_attributes.update", c.ticket_types.attributes.update, kind.id, attribute.id,
           description="e", holds=lambda a: a.description == "e")
    r.call("ticket_states.list", c.ticket_states.list_ticket_states, holds=lambda s: len(s.data) == 4)
    ticket = r.call("tickets.create", c.tickets.create, ticket_type_id=kind.id, contacts=[{"id": user.id}],
                    holds=lambda t: t.ticket_type.id == kind.id)
    r.call("tickets.get", c.tickets.get, ticket.id, holds=lambda t: t.id == ticket.id)
    r.call("tickets.update", c.tickets.update, ticket.id, open=False, holds=lambda t: t.open is False)
    r.call("tickets.reply", c.tickets.reply, ticket.id,
           request={"message_type": "note", "type": "admin", "admin_id": ADMIN, "body": "N"},
           holds=lambda p: p.part_type == "note")
    r.call("tags.tag_ticket", c.tags.tag_ticket, ticket.id, tag_id=tag.id, admin_id=ADMIN)
    r.call("tags.untag_ticket", c.tags.untag_ticket, ticket.id, tag.id, admin_id=ADMIN)

    # Help centre, articles, news, content
    collections = c.help_centers.collections
    shelf = r.call("help_centers.collections.create", collections.create, name="Shelf",
                   holds=lambda x: x.name == "Shelf")
    r.call("help_centers.collections.find", collections.find, int(shelf.id), holds=lambda x: x.id == shelf.id)
    r.call("help_centers.collections.update", collections.update, int(shelf.id), name="Board",
           holds=lambda x: x.name == "Board")
    # The list has no pages, and the SDK's pager would ask for the next one for ever.
    r.call("help_centers.list", c.help_centers.list, holds=lambda p: len(p.items) == 1)
    r.call("help_centers.find", c.help_centers.find, 1, holds=lambda x: x.identifier)
    article = r.call("articles.create", c.articles.create,
                     request={"title": "Refunds", "author_id": int(ADMIN), "state": "published"},
                     holds=lambda a: a.title == "Refunds")
    r.call("articles.find", c.articles.find, int(article.id), holds=lambda a: a.state == "published")
    r.call("articles.update", c.articles.update, int(article.id), title="Money back",
           holds=lambda a: a.title == "Money back")
    r.call("articles.search", c.articles.search, phrase="money", state="published",
           holds=lambda s: len(s.data.articles) == 1)
    r.call("articles.delete", c.articles.delete, int(article.id), holds=lambda a: a.deleted)
    r.call("help_centers.collections.delete", collections.delete, int(shelf.id), holds=lambda x: x.deleted)
    news = c.unstable.news
    item = r.call("news.create_news_item", news.create_news_item, title="N", sender_id=int(ADMIN), state="live",
                  newsfeed_assignments=[{"newsfeed_id": 1, "published_at": now}], holds=lambda n: n.title == "N")
    r.call("news.retrieve_news_item", news.retrieve_news_item, int(item.id), holds=lambda n: n.id == item.id)
    r.call("news.list_news_items", news.list_news_items, holds=lambda n: n.total_count == 9)
    r.call("news.list_newsfeeds", news.list_newsfeeds, holds=lambda n: n.total_count == 2)
    r.call("news.list_live_newsfeed_items", news.list_live_newsfeed_items, "1")
    source = r.call("ai_content.create_content_import_source", c.ai_content.create_content_import_source,
                    url="https://docs.example", holds=lambda s: s.status == "active")
    page = r.call("ai_content.create_external_page", c.ai_content.create_external_page, title="P", html="<p/>",
                  source_id=source.id, external_id="1", holds=lambda p: p.title == "P")
    r.call("ai_content.get_external_page", c.ai_content.get_external_page, page.id, holds=lambda p: p.id == page.id)
    r.call("ai_content.list_external_pages", c.ai_content.list_external_pages, holds=lambda p: p.total_count == 13)
    r.call("ai_content.list_content_import_sources", c.ai_content.list_content_import_sources,
           holds=lambda p: p.total_count == 2)
    r.call("ai_content.delete_external_page", c.ai_content.delete_external_page, page.id)
    r.call("ai_content.delete_content_import_source", c.ai_content.delete_content_import_source, str(source.id))

    # Attributes, events, exports, segments, visitors, calls to phones
    field = r.call("data_attributes.create", c.data_attributes.create,
                   request={"name": "sdk_field", "model": "contact", "data_type": "string"},
                   holds=lambda a: a.name == "sdk_field")
    r.call("data_attributes.list", c.data_attributes.list, model="contact", holds=lambda a: len(a.data) > 3)
    r.call("data_attributes.update", c.data_attributes.update, field.id, request={"description": "d"},
           holds=lambda a: a.description == "d")
    r.call("events.create", c.events.create, request={"event_name": "paid", "created_at": now, "id": user.id})
    r.call("events.list", c.events.list, type="user", user_id="sdk-1", holds=lambda e: len(e.events) == 1)
    r.call("events.summaries", c.events.summaries, user_id="sdk-1",
           event_summaries={"event_name": "paid", "count": 2, "first": now - 9, "last": now})
    job = r.call("data_export.create", c.data_export.create, created_at_after=0, created_at_before=now,
                 holds=lambda j: j.status == "pending")
    r.call("data_export.find", c.data_export.find, job.job_identifier, holds=lambda j: j.job_identifier)
    r.call("data_export.cancel", c.data_export.cancel, job.job_identifier, holds=lambda j: j.status)
    segments = r.call("segments.list", c.segments.list, include_count=True, holds=lambda s: s.segments)
    r.call("segments.find", c.segments.find, segments.segments[0].id, holds=lambda s: s.name)
    r.call("visitors.find", c.visitors.find, user_id="visitor-1", holds=lambda v: v.type == "visitor")
    r.call("visitors.update", c.visitors.update, request={"user_id": "visitor-1", "name": "V"},
           holds=lambda v: v.name == "V")
    r.call("visitors.merge_to_contact", c.visitors.merge_to_contact, type="lead", user={"email": "v@example.com"},
           visitor={"user_id": "visitor-1"}, holds=lambda u: u.role == "lead")
    r.call("phone_call_redirects.create", c.phone_call_redirects.create, request={"phone": "+353832345678"})

    pagers(r, c, address)
    errors(r, c, user.id)
    r.call("companies.delete", c.companies.delete, company.id, holds=lambda x: x.deleted)
    r.call("contacts.delete", c.contacts.delete, user.id, holds=lambda x: x.deleted)
    r.call("tags.delete", c.tags.delete, tag.id)
    return r


def pagers(r, c, address):
    """To the end: as many as the count says, none twice."""
    def total(path, key="total_count"):
        return httpx.get(address + path, headers={"Authorization": "Bearer sandbox"}).json()[key]

    def whole(count):
        def holds(pager):
            ids = [item.id for item in itertools.islice(pager, count + 1)]
            return len(ids) == len(set(ids)) == count
        return holds

    r.call("contacts.list", c.contacts.list, per_page=70, holds=whole(total("/contacts")))
    r.call("conversations.list", c.conversations.list, per_page=70, holds=whole(total("/conversations")))
    r.call("companies.list", c.companies.list, per_page=7, holds=whole(total("/companies")))
    # 58 of the demo's companies can have members; each is there once.
    r.call("companies.scroll", c.companies.scroll, holds=lambda pager: len(
        {item.id for item in itertools.islice(pager, 1_000)}) > 50)
    for number in range(31):
        c.articles.create(request={"title": f"Article {number}", "author_id": int(ADMIN)})
        c.help_centers.collections.create(name=f"Collection {number}")
    r.call("articles.list", c.articles.list, per_page=10, holds=whole(total("/articles")))
    r.call("help_centers.collections.list", c.help_centers.collections.list, per_page=10,
           holds=whole(total("/help_center/collections")))

    # The pagers of searches send the first request again, so their pages are asked for one by one.
    for name, group, field in (("contacts", c.contacts, "role"), ("conversations", c.conversations, "state"),
                               ("tickets", c.tickets, "open")):
        value = {"role": "user", "state": "open", "open": True}[field]
        query = {"field": field, "operator": "=", "value": value}
        ids, cursor, count = [], None, None
        while True:
            pagination = {"per_page": 60, **({"starting_after": cursor} if cursor else {})}
            page = r.call(f"{name}.search", group.search, query=query, pagination=pagination)
            if page is None:
                break
            ids += [item.id for item in page.items or []]
            count = page.response.total_count
            following = page.response.pages.next if page.response.pages else None
            cursor = following.starting_after if following else None
            if not cursor or len(ids) > (count or 0):
                break
        if len(ids) != count or len(set(ids)) != len(ids) or count < 61:
            r.failures.append(f"{name}.search: {len(ids)} of {count} items, {len(set(ids))} different ones")


def errors(r, c, user):
    # Where the description names no such status for an operation, the SDK has no class of its own for it.
    r.refused("error 404 contact", ApiError, 404, c.contacts.find, "0" * 24)
    r.refused("error 404 tag", NotFoundError, 404, c.tags.find, "999999")
    r.refused("error 404 conversation", NotFoundError, 404, c.conversations.find, "1")
    r.refused("error 400 contact", ApiError, 400, c.contacts.create, request={"name": "Nobody"})
    r.refused("error 400 merge", ApiError, 400, c.contacts.merge_lead_in_user, lead_id=user, contact_id=user)
    r.refused("error 400 company", BadRequestError, 400, c.companies.create_or_update, request={"name": "x"})
    r.refused("error 409 contact", ApiError, 409, c.contacts.create, request={"email": "sdk@example.com"})
    r.refused("error 422 message", UnprocessableEntityError, 422, c.messages.create,
              request={"message_type": "email", "body": "B", "from": {"type": "admin", "id": int(ADMIN)},
                       "to": {"type": "user", "id": user}})


def refused_token(r, command):
    """A sandbox that takes one token, and a client with another."""
    with Sandbox([*command, "--token", "right"]) as sandbox:
        r.refused("error 401", UnauthorizedError, 401, Intercom(token="wrong", base_url=sandbox.address).admins.list)
        r.call("admins.list", Intercom(token="right", base_url=sandbox.address).admins.list)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(__doc__)
        raise SystemExit(2)
    with Sandbox(sys.argv[1:]) as server:
        report = main(server.address)
    refused_token(report, sys.argv[1:])
    for failure in report.failures:
        print(f"failed  {failure}")
    report.failures += [f"{group}: not called" for group in sorted(GROUPS - report.groups)]
    print(f"{len(report.calls)} different calls in {len(report.groups & GROUPS)} of {len(GROUPS)} groups of the API")
    print(f"{len(report.calls) - len(report.failures)} passed, {len(report.failures)} failed")
    raise SystemExit(1 if report.failures else 0)
