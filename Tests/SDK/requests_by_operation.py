"""A valid request for each of the 118 operations, made in a workspace of the demo seed.

`REQUESTS[operationId](world)` makes what the request needs and gives a Request.
"""

import itertools

ADMIN, OTHER_ADMIN, TEAM = 991267701, 991267702, 5017691


class Request:
    def __init__(self, path=None, body=None, query=None, headers=None, after=lambda answer: None):
        self.path, self.body, self.query, self.headers = path or {}, body, query or {}, headers or {}
        self.after = after


class World:
    """Makes records on demand; each has its own number in its names."""

    def __init__(self, sandbox, now):
        self.sandbox, self.now = sandbox, now
        self.numbers = itertools.count(1)
        self.last_export = None

    def next(self):
        return next(self.numbers)

    def contact(self, role="user", **more):
        body = {"role": role, "email": f"check{self.next()}@example.com", "name": "Check", **more}
        if role == "user":
            body["external_id"] = f"check-{self.next()}"
        return self.sandbox.post("/contacts", body)

    def company(self):
        return self.sandbox.post("/companies", {"company_id": f"check-{self.next()}", "name": "Check Ltd"})

    def member(self):
        contact, company = self.contact(), self.company()
        self.sandbox.post(f"/contacts/{contact['id']}/companies", {"id": company["id"]})
        return contact["id"], company["id"]

    def tag(self):
        return self.sandbox.post("/tags", {"name": f"check {self.next()}"})["id"]

    def tagged(self, kind, id):
        tag = self.tag()
        self.sandbox.post(f"/{kind}/{id}/tags", {"id": tag, "admin_id": str(ADMIN)})
        return tag

    def conversation(self, contact=None):
        contact = contact or self.contact()["id"]
        body = {"from": {"type": "user", "id": contact}, "body": "I need support"}
        return self.sandbox.post("/conversations", body)["conversation_id"]

    def ticket(self):
        contact = self.contact()["id"]
        body = {"ticket_type_id": "1", "contacts": [{"id": contact}],
                "ticket_attributes": {"_default_title_": "Check"}}
        return self.sandbox.post("/tickets", body)["id"]

    def note(self):
        contact = self.contact()["id"]
        return self.sandbox.post(f"/contacts/{contact}/notes", {"body": "Check", "admin_id": str(ADMIN)})["id"]

    def article(self):
        return self.sandbox.post("/articles", {"title": "Check", "author_id": ADMIN, "state": "published"})["id"]

    def collection(self):
        return self.sandbox.post("/help_center/collections", {"name": f"Check {self.next()}"})["id"]

    def source(self):
        body = {"sync_behavior": "api", "url": f"https://check{self.next()}.example"}
        return self.sandbox.post("/ai/content_import_sources", body)["id"]

    def page_body(self):
        return {"title": "Check", "html": "<p>Check</p>", "url": "https://check.example/1", "locale": "en",
                "source_id": int(self.source()), "external_id": f"check-{self.next()}"}

    def page(self):
        return self.sandbox.post("/ai/external_pages", self.page_body())["id"]

    def news_body(self, state="live"):
        return {"title": "Check", "body": "<p>Check</p>", "sender_id": ADMIN, "state": state,
                "newsfeed_assignments": [{"newsfeed_id": 1, "published_at": self.now}]}

    def news(self):
        return self.sandbox.post("/news/news_items", self.news_body())["id"]

    def attribute_body(self, **more):
        return {"name": f"check_{self.next()}", "model": "contact", "data_type": "string", **more}

    def attribute(self):
        return self.sandbox.post("/data_attributes", self.attribute_body())["id"]

    def ticket_type_body(self):
        return {"name": f"Check {self.next()}", "description": "Check", "category": "Customer", "icon": "🎟️",
                "is_internal": False}

    def ticket_attribute_body(self):
        return {"name": f"check_{self.next()}", "description": "Check", "data_type": "string"}

    def event_contact(self):
        contact = self.contact()
        for name in ("ordered", "paid"):
            self.sandbox.post("/events", {"event_name": name, "created_at": self.now - 60, "id": contact["id"],
                                          "metadata": {"order": "1"}})
        return contact

    def export(self, turns=0):
        # One at a time: what runs is cancelled first.
        self.free_export()
        body = {"created_at_after": self.now - 10**8, "created_at_before": self.now}
        self.last_export = self.sandbox.post("/export/content/data", body)["job_identifier"]
        for _ in range(turns):
            self.sandbox.get(f"/export/content/data/{self.last_export}")
        return self.last_export

    def free_export(self):
        if self.last_export:
            self.sandbox.call("POST", f"/export/cancel/{self.last_export}")

    def note_export(self, answer):
        if answer.status == 200:
            self.last_export = answer.json["job_identifier"]

    def subscribed(self):
        contact = self.contact()["id"]
        self.sandbox.post(f"/contacts/{contact}/subscriptions", {"id": "1", "consent_type": "opt_out"})
        return contact

    def visitor(self):
        return f"visitor-{1 + self.next() % 3}"

    def part(self):
        conversation = self.conversation()
        reply = {"message_type": "comment", "type": "admin", "admin_id": str(ADMIN), "body": "Check"}
        parts = self.sandbox.post(f"/conversations/{conversation}/reply", reply)["conversation_parts"]
        return conversation, parts["conversation_parts"][-1]["id"]

    def segment(self):
        return self.sandbox.get("/segments")["segments"][0]["id"]


def search(field, operator, value):
    return {"query": {"field": field, "operator": operator, "value": value}, "pagination": {"per_page": 5}}


def by_id(make, body=None, **more):
    return lambda w: Request({"id": make(w)}, body(w) if callable(body) else body, **more)


def convert(w):
    return Request(None, {"type": "lead", "user": {"email": f"check{w.next()}@example.com"},
                          "visitor": {"user_id": w.visitor()}})


def participant(w):
    conversation, contact = w.conversation(), w.contact()["id"]
    w.sandbox.post(f"/conversations/{conversation}/customers",
                   {"admin_id": str(ADMIN), "customer": {"intercom_user_id": contact}})
    return Request({"conversation_id": conversation, "contact_id": contact}, {"admin_id": str(ADMIN)})


def redaction(w):
    conversation, part = w.part()
    return Request(None, {"type": "conversation_part", "conversation_id": conversation,
                          "conversation_part_id": part})


def tagging(kind, key, make, detach=False):
    def request(w):
        id = make(w)
        if not detach:
            return Request({key: id}, {"id": w.tag(), "admin_id": str(ADMIN)})
        body = None if kind == "contacts" else {"admin_id": str(ADMIN)}
        return Request({key: id, "id": w.tagged(kind, id)}, body)
    return request


def ticket_type_attribute(w):
    made = w.sandbox.post("/ticket_types/1/attributes", w.ticket_attribute_body())
    return Request({"ticket_type_id": "1", "id": made["id"]}, {"description": "Changed"})


def contact_id(w):
    return w.contact()["id"]


def nothing(_):
    return Request()


REQUESTS = {
    "identifyAdmin": nothing,
    "setAwayAdmin": by_id(lambda w: ADMIN, {"away_mode_enabled": True, "away_mode_reassign": False}),
    "listActivityLogs": lambda w: Request(query={"created_at_after": w.now - 10**7}),
    "listAdmins": nothing,
    "retrieveAdmin": by_id(lambda w: ADMIN),
    "listContentImportSources": lambda w: (w.source(), Request())[1],
    "createContentImportSource":
        lambda w: Request(None, {"sync_behavior": "api", "url": f"https://check{w.next()}.example"}),
    "deleteContentImportSource": by_id(World.source),
    "getContentImportSource": by_id(World.source),
    "updateContentImportSource":
        by_id(World.source, {"sync_behavior": "api", "url": "https://changed.example", "status": "active"}),
    "listExternalPages": lambda w: (w.page(), Request())[1],
    "createExternalPage": lambda w: Request(None, w.page_body()),
    "deleteExternalPage": by_id(World.page),
    "getExternalPage": by_id(World.page),
    "updateExternalPage": by_id(World.page, lambda w: w.page_body()),
    "listArticles": lambda w: (w.article(), Request())[1],
    "createArticle": lambda w: Request(None, {"title": "Check", "author_id": ADMIN, "body": "<p>Check</p>"}),
    "retrieveArticle": by_id(World.article),
    "updateArticle": by_id(World.article, {"title": "Changed"}),
    "deleteArticle": by_id(World.article),
    "searchArticles":
        lambda w: (w.article(), Request(query={"phrase": "check", "state": "published", "highlight": "true"}))[1],
    "listAllCollections": lambda w: (w.collection(), Request())[1],
    "createCollection": lambda w: Request(None, {"name": "Check"}),
    "retrieveCollection": by_id(World.collection),
    "updateCollection": by_id(World.collection, {"name": "Changed"}),
    "deleteCollection": by_id(World.collection),
    "retrieveHelpCenter": by_id(lambda w: 1),
    "listHelpCenters": nothing,
    "createOrUpdateCompany": lambda w: Request(None, {
        "company_id": f"check-{w.next()}", "name": "Check Ltd", "plan": "Pro", "size": 12, "monthly_spend": 10}),
    "retrieveCompany": nothing,
    "RetrieveACompanyById": by_id(lambda w: w.company()["id"]),
    "UpdateCompany": by_id(lambda w: w.company()["id"], {"name": "Changed Ltd"}),
    "deleteCompany": by_id(lambda w: w.company()["id"]),
    "ListAttachedContacts": by_id(lambda w: w.member()[1]),
    "ListAttachedSegmentsForCompanies": by_id(lambda w: w.member()[1]),
    "listAllCompanies": nothing,
    "scrollOverAllCompanies": nothing,
    "attachContactToACompany": by_id(contact_id, lambda w: {"id": w.company()["id"]}),
    "listCompaniesForAContact": by_id(lambda w: w.member()[0]),
    "detachContactFromACompany": lambda w: Request(dict(zip(("contact_id", "id"), w.member()))),
    "listNotes": by_id(contact_id),
    "createNote": by_id(contact_id, {"body": "Check", "admin_id": str(ADMIN)}),
    "listSegmentsForAContact": lambda w: Request({"contact_id": w.contact()["id"]}),
    "listSubscriptionsForAContact": lambda w: Request({"contact_id": w.subscribed()}),
    "attachSubscriptionTypeToContact":
        lambda w: Request({"contact_id": w.contact()["id"]}, {"id": "1", "consent_type": "opt_out"}),
    "detachSubscriptionTypeToContact": lambda w: Request({"contact_id": w.subscribed(), "id": "1"}),
    "listTagsForAContact": lambda w: (lambda id: (w.tagged("contacts", id), Request({"contact_id": id}))[1])(
        w.contact()["id"]),
    "attachTagToContact": tagging("contacts", "contact_id", contact_id),
    "detachTagFromContact": tagging("contacts", "contact_id", contact_id, detach=True),
    "UpdateContact": by_id(contact_id, {"name": "Changed", "custom_attributes": {"plan": "pro"}}),
    "ShowContact": by_id(contact_id),
    "DeleteContact": by_id(contact_id),
    "MergeContact": lambda w: Request(None, {"from": w.contact("lead")["id"], "into": w.contact()["id"]}),
    "SearchContacts": lambda w: Request(None, search("role", "=", "user")),
    "ListContacts": lambda w: Request(query={"per_page": 150}),
    "CreateContact": lambda w: Request(None, {"email": f"check{w.next()}@example.com", "role": "user"}),
    "ArchiveContact": by_id(contact_id),
    "UnarchiveContact": by_id(lambda w: (lambda id: (w.sandbox.post(f"/contacts/{id}/archive"), id)[1])(contact_id(w))),
    "attachTagToConversation": tagging("conversations", "conversation_id", World.conversation),
    "detachTagFromConversation": tagging("conversations", "conversation_id", World.conversation, detach=True),
    "listConversations": lambda w: Request(query={"per_page": 150}),
    "createConversation":
        lambda w: Request(None, {"from": {"type": "user", "id": w.contact()["id"]}, "body": "Hello"}),
    "retrieveConversation": by_id(lambda w: w.part()[0]),
    "updateConversation": by_id(World.conversation, {"read": True, "custom_attributes": {"topic": "money"}}),
    "searchConversations": lambda w: Request(None, search("open", "=", True)),
    "replyConversation": by_id(World.conversation, {
        "message_type": "comment", "type": "admin", "admin_id": str(ADMIN), "body": "Check"}),
    "manageConversation":
        by_id(World.conversation, {"message_type": "close", "type": "admin", "admin_id": str(ADMIN)}),
    "attachContactToConversation": by_id(World.conversation, lambda w: {
        "admin_id": str(ADMIN), "customer": {"intercom_user_id": w.contact()["id"]}}),
    "detachContactFromConversation": participant,
    "redactConversation": redaction,
    "convertConversationToTicket": by_id(World.conversation, {
        "ticket_type_id": "1", "attributes": {"_default_title_": "Check"}}),
    "lisDataAttributes": nothing,
    "createDataAttribute": lambda w: Request(None, w.attribute_body()),
    "updateDataAttribute": by_id(World.attribute, {"description": "Changed"}),
    "createDataEvent": lambda w: Request(None, {
        "event_name": "ordered", "created_at": w.now, "id": w.contact()["id"], "metadata": {"order": "1"}}),
    "lisDataEvents": lambda w: Request(query={"type": "user", "user_id": w.event_contact()["external_id"]}),
    "dataEventSummaries": lambda w: Request(None, {
        "user_id": w.event_contact()["external_id"],
        "event_summaries": {"event_name": "ordered", "count": 3, "first": w.now - 100, "last": w.now}}),
    "createDataExport": lambda w: (w.free_export(), Request(None, {
        "created_at_after": w.now - 10**8, "created_at_before": w.now}, after=w.note_export))[1],
    "getDataExport": lambda w: Request({"job_identifier": w.export()}),
    "cancelDataExport": lambda w: Request({"job_identifier": w.export()}),
    "downloadDataExport": lambda w: Request({"job_identifier": w.export(turns=4)},
                                            headers={"Accept": "application/octet-stream"}),
    "createMessage": lambda w: Request(None, {
        "message_type": "email", "subject": "Check", "body": "Check", "template": "plain",
        "from": {"type": "admin", "id": ADMIN}, "to": {"type": "user", "id": w.contact()["id"]}}),
    "listNewsItems": lambda w: (w.news(), Request())[1],
    "createNewsItem": lambda w: Request(None, w.news_body()),
    "retrieveNewsItem": by_id(World.news),
    "updateNewsItem": by_id(World.news, lambda w: w.news_body("draft")),
    "deleteNewsItem": by_id(World.news),
    "listLiveNewsfeedItems": by_id(lambda w: (w.news(), 1)[1]),
    "listNewsfeeds": nothing,
    "retrieveNewsfeed": by_id(lambda w: 1),
    "retrieveNote": by_id(World.note),
    "listSegments": lambda w: Request(query={"include_count": "true"}),
    "retrieveSegment": by_id(World.segment),
    "listSubscriptionTypes": nothing,
    "createPhoneSwitch": lambda w: Request(None, {"phone": "+353832345678"}),
    "listTags": nothing,
    "createTag": lambda w: Request(None, {"name": f"check {w.next()}"}),
    "findTag": by_id(World.tag),
    "deleteTag": by_id(World.tag),
    "listTeams": nothing,
    "retrieveTeam": by_id(lambda w: TEAM),
    "listTicketStates": nothing,
    "createTicketTypeAttribute": lambda w: Request({"ticket_type_id": "1"}, w.ticket_attribute_body()),
    "updateTicketTypeAttribute": ticket_type_attribute,
    "listTicketTypes": nothing,
    "createTicketType": lambda w: Request(None, w.ticket_type_body()),
    "getTicketType": by_id(lambda w: 1),
    "updateTicketType":
        by_id(lambda w: w.sandbox.post("/ticket_types", w.ticket_type_body())["id"], {"description": "Changed"}),
    "replyTicket": by_id(World.ticket, {
        "message_type": "comment", "type": "admin", "admin_id": str(ADMIN), "body": "Check"}),
    "attachTagToTicket": tagging("tickets", "ticket_id", World.ticket),
    "detachTagFromTicket": tagging("tickets", "ticket_id", World.ticket, detach=True),
    "createTicket": lambda w: Request(None, {
        "ticket_type_id": "1", "contacts": [{"id": w.contact()["id"]}],
        "ticket_attributes": {"_default_title_": "Check", "_default_description_": "Check"}}),
    "updateTicket": by_id(World.ticket, {
        "ticket_attributes": {"_default_title_": "Changed"}, "open": True,
        "assignment": {"admin_id": str(ADMIN), "assignee_id": str(OTHER_ADMIN)}}),
    "getTicket": by_id(World.ticket),
    "searchTickets": lambda w: Request(None, search("open", "=", True)),
    "updateVisitor": lambda w: Request(None, {"user_id": w.visitor(), "name": "Check"}),
    "retrieveVisitorWithUserId": lambda w: Request(query={"user_id": w.visitor()}),
    "convertVisitor": convert,
}
