/// Every operation of version 2.12, by resource. One without a handler is not simulated yet, and says so.
enum Routes {
  static let all: [Route] =
    contacts + conversations + tickets + tags + admins + ticketTypes + lists
    + companies + content + helpCenter + data + exports + messages + news + visitors

  static let contacts: [Route] = [
    Route(.post, "/contacts/{id}/companies", "attachContactToACompany") {
      try $0.attachContactToCompany($1)
    },
    Route(.get, "/contacts/{id}/companies", "listCompaniesForAContact") {
      try $0.listCompaniesForContact($1)
    },
    Route(.delete, "/contacts/{contact_id}/companies/{id}", "detachContactFromACompany") {
      try $0.detachContactFromCompany($1)
    },
    Route(.get, "/contacts/{id}/notes", "listNotes") { try $0.listNotes($1) },
    Route(.post, "/contacts/{id}/notes", "createNote") { try $0.createNote($1) },
    Route(.get, "/contacts/{contact_id}/segments", "listSegmentsForAContact") {
      try $0.listSegmentsForContact($1)
    },
    Route(.get, "/contacts/{contact_id}/subscriptions", "listSubscriptionsForAContact") {
      try $0.listSubscriptionsForContact($1)
    },
    Route(.post, "/contacts/{contact_id}/subscriptions", "attachSubscriptionTypeToContact") {
      try $0.attachSubscription($1)
    },
    Route(.delete, "/contacts/{contact_id}/subscriptions/{id}", "detachSubscriptionTypeToContact") {
      try $0.detachSubscription($1)
    },
    Route(.get, "/contacts/{contact_id}/tags", "listTagsForAContact") { try $0.listTagsForContact($1) },
    Route(.post, "/contacts/{contact_id}/tags", "attachTagToContact") { try $0.attachTagToContact($1) },
    Route(.delete, "/contacts/{contact_id}/tags/{id}", "detachTagFromContact") {
      try $0.detachTagFromContact($1)
    },
    Route(.put, "/contacts/{id}", "UpdateContact") { try $0.updateContact($1) },
    Route(.get, "/contacts/{id}", "ShowContact") { try $0.showContact($1) },
    Route(.delete, "/contacts/{id}", "DeleteContact") { try $0.deleteContact($1) },
    Route(.post, "/contacts/merge", "MergeContact") { try $0.mergeContact($1) },
    Route(.post, "/contacts/search", "SearchContacts", reads: true) { try $0.searchContacts($1) },
    Route(.get, "/contacts", "ListContacts") { try $0.listContacts($1) },
    Route(.post, "/contacts", "CreateContact") { try $0.createContact($1) },
    Route(.post, "/contacts/{id}/archive", "ArchiveContact") { try $0.archiveContact($1) },
    Route(.post, "/contacts/{id}/unarchive", "UnarchiveContact") { try $0.unarchiveContact($1) },
  ]

  static let conversations: [Route] = [
    Route(.post, "/conversations/{conversation_id}/tags", "attachTagToConversation") {
      try $0.attachTagToConversation($1)
    },
    Route(.delete, "/conversations/{conversation_id}/tags/{id}", "detachTagFromConversation") {
      try $0.detachTagFromConversation($1)
    },
    Route(.get, "/conversations", "listConversations") { try $0.listConversations($1) },
    Route(.post, "/conversations", "createConversation") { try $0.createConversation($1) },
    Route(.get, "/conversations/{id}", "retrieveConversation") { try $0.retrieveConversation($1) },
    Route(.put, "/conversations/{id}", "updateConversation") { try $0.updateConversation($1) },
    Route(.post, "/conversations/search", "searchConversations", reads: true) {
      try $0.searchConversations($1)
    },
    Route(.post, "/conversations/{id}/reply", "replyConversation") { try $0.replyConversation($1) },
    Route(.post, "/conversations/{id}/parts", "manageConversation") { try $0.manageConversation($1) },
    Route(.post, "/conversations/{id}/customers", "attachContactToConversation") {
      try $0.attachContactToConversation($1)
    },
    Route(.delete, "/conversations/{conversation_id}/customers/{contact_id}", "detachContactFromConversation")
    {
      try $0.detachContactFromConversation($1)
    },
    Route(.post, "/conversations/redact", "redactConversation") { try $0.redactConversation($1) },
    Route(.post, "/conversations/{id}/convert", "convertConversationToTicket") {
      try $0.convertConversation($1)
    },
  ]

  static let tickets: [Route] = [
    Route(.post, "/tickets/{id}/reply", "replyTicket") { try $0.replyTicket($1) },
    Route(.post, "/tickets/{ticket_id}/tags", "attachTagToTicket") { try $0.attachTagToTicket($1) },
    Route(.delete, "/tickets/{ticket_id}/tags/{id}", "detachTagFromTicket") {
      try $0.detachTagFromTicket($1)
    },
    Route(.post, "/tickets", "createTicket") { try $0.createTicket($1) },
    Route(.put, "/tickets/{id}", "updateTicket") { try $0.updateTicket($1) },
    Route(.get, "/tickets/{id}", "getTicket") { try $0.getTicket($1) },
    Route(.post, "/tickets/search", "searchTickets", reads: true) { try $0.searchTickets($1) },
  ]

  static let tags: [Route] = [
    Route(.get, "/tags", "listTags") { try $0.listTags($1) },
    Route(.post, "/tags", "createTag") { try $0.createTag($1) },
    Route(.get, "/tags/{id}", "findTag") { try $0.findTag($1) },
    Route(.delete, "/tags/{id}", "deleteTag") { try $0.deleteTag($1) },
  ]

  static let admins: [Route] = [
    Route(.get, "/me", "identifyAdmin") { try $0.identifyAdmin($1) },
    Route(.put, "/admins/{id}/away", "setAwayAdmin") { try $0.setAwayAdmin($1) },
    Route(.get, "/admins/activity_logs", "listActivityLogs") { try $0.listActivityLogs($1) },
    Route(.get, "/admins", "listAdmins") { try $0.listAdmins($1) },
    Route(.get, "/admins/{id}", "retrieveAdmin") { try $0.retrieveAdmin($1) },
    Route(.get, "/teams", "listTeams") { try $0.listTeams($1) },
    Route(.get, "/teams/{id}", "retrieveTeam") { try $0.retrieveTeam($1) },
  ]

  static let ticketTypes: [Route] = [
    Route(.get, "/ticket_states", "listTicketStates") { try $0.listTicketStates($1) },
    Route(.post, "/ticket_types/{ticket_type_id}/attributes", "createTicketTypeAttribute") {
      try $0.createTicketTypeAttribute($1)
    },
    Route(.put, "/ticket_types/{ticket_type_id}/attributes/{id}", "updateTicketTypeAttribute") {
      try $0.updateTicketTypeAttribute($1)
    },
    Route(.get, "/ticket_types", "listTicketTypes") { try $0.listTicketTypes($1) },
    Route(.post, "/ticket_types", "createTicketType") { try $0.createTicketType($1) },
    Route(.get, "/ticket_types/{id}", "getTicketType") { try $0.getTicketType($1) },
    Route(.put, "/ticket_types/{id}", "updateTicketType") { try $0.updateTicketType($1) },
  ]

  static let lists: [Route] = [
    Route(.get, "/notes/{id}", "retrieveNote") { try $0.retrieveNote($1) },
    Route(.get, "/segments", "listSegments") { try $0.listSegments($1) },
    Route(.get, "/segments/{id}", "retrieveSegment") { try $0.retrieveSegment($1) },
    Route(.get, "/subscription_types", "listSubscriptionTypes") { try $0.listSubscriptionTypes($1) },
  ]

  static let companies: [Route] = [
    Route(.post, "/companies", "createOrUpdateCompany") { try $0.createOrUpdateCompany($1) },
    Route(.get, "/companies", "retrieveCompany") { try $0.retrieveCompany($1) },
    Route(.get, "/companies/{id}", "RetrieveACompanyById") { try $0.retrieveCompanyByID($1) },
    Route(.put, "/companies/{id}", "UpdateCompany") { try $0.updateCompany($1) },
    Route(.delete, "/companies/{id}", "deleteCompany") { try $0.deleteCompany($1) },
    Route(.get, "/companies/{id}/contacts", "ListAttachedContacts") { try $0.listContactsOfCompany($1) },
    Route(.get, "/companies/{id}/segments", "ListAttachedSegmentsForCompanies") {
      try $0.listSegmentsOfCompany($1)
    },
    Route(.post, "/companies/list", "listAllCompanies", reads: true) { try $0.listAllCompanies($1) },
    Route(.get, "/companies/scroll", "scrollOverAllCompanies") { try $0.scrollCompanies($1) },
  ]

  static let content: [Route] = [
    Route(.get, "/ai/content_import_sources", "listContentImportSources") { try $0.listContentSources($1) },
    Route(.post, "/ai/content_import_sources", "createContentImportSource") {
      try $0.createContentSource($1)
    },
    Route(.delete, "/ai/content_import_sources/{id}", "deleteContentImportSource") {
      try $0.deleteContentSource($1)
    },
    Route(.get, "/ai/content_import_sources/{id}", "getContentImportSource") {
      try $0.getContentSource($1)
    },
    Route(.put, "/ai/content_import_sources/{id}", "updateContentImportSource") {
      try $0.updateContentSource($1)
    },
    Route(.get, "/ai/external_pages", "listExternalPages") { try $0.listExternalPages($1) },
    Route(.post, "/ai/external_pages", "createExternalPage") { try $0.createExternalPage($1) },
    Route(.delete, "/ai/external_pages/{id}", "deleteExternalPage") { try $0.deleteExternalPage($1) },
    Route(.get, "/ai/external_pages/{id}", "getExternalPage") { try $0.getExternalPage($1) },
    Route(.put, "/ai/external_pages/{id}", "updateExternalPage") { try $0.updateExternalPage($1) },
  ]

  static let helpCenter: [Route] = [
    Route(.get, "/articles", "listArticles") { try $0.listArticles($1) },
    Route(.post, "/articles", "createArticle") { try $0.createArticle($1) },
    Route(.get, "/articles/{id}", "retrieveArticle") { try $0.retrieveArticle($1) },
    Route(.put, "/articles/{id}", "updateArticle") { try $0.updateArticle($1) },
    Route(.delete, "/articles/{id}", "deleteArticle") { try $0.deleteArticle($1) },
    Route(.get, "/articles/search", "searchArticles") { try $0.searchArticles($1) },
    Route(.get, "/help_center/collections", "listAllCollections") { try $0.listCollections($1) },
    Route(.post, "/help_center/collections", "createCollection") { try $0.createCollection($1) },
    Route(.get, "/help_center/collections/{id}", "retrieveCollection") { try $0.retrieveCollection($1) },
    Route(.put, "/help_center/collections/{id}", "updateCollection") { try $0.updateCollection($1) },
    Route(.delete, "/help_center/collections/{id}", "deleteCollection") { try $0.deleteCollection($1) },
    Route(.get, "/help_center/help_centers/{id}", "retrieveHelpCenter") { try $0.retrieveHelpCenter($1) },
    Route(.get, "/help_center/help_centers", "listHelpCenters") { try $0.listHelpCenters($1) },
  ]

  static let data: [Route] = [
    Route(.get, "/data_attributes", "lisDataAttributes") { try $0.listDataAttributes($1) },
    Route(.post, "/data_attributes", "createDataAttribute") { try $0.createDataAttribute($1) },
    Route(.put, "/data_attributes/{id}", "updateDataAttribute") { try $0.updateDataAttribute($1) },
    Route(.post, "/events", "createDataEvent") { try $0.createDataEvent($1) },
    Route(.get, "/events", "lisDataEvents") { try $0.listDataEvents($1) },
    Route(.post, "/events/summaries", "dataEventSummaries") { try $0.dataEventSummaries($1) },
  ]

  static let exports: [Route] = [
    Route(.post, "/export/content/data", "createDataExport") { try $0.createDataExport($1) },
    Route(.get, "/export/content/data/{job_identifier}", "getDataExport") { try $0.getDataExport($1) },
    Route(.post, "/export/cancel/{job_identifier}", "cancelDataExport") { try $0.cancelDataExport($1) },
    Route(.get, "/download/content/data/{job_identifier}", "downloadDataExport") {
      try $0.downloadDataExport($1)
    },
  ]

  static let messages: [Route] = [
    Route(.post, "/messages", "createMessage") { try $0.createMessage($1) },
    Route(.post, "/phone_call_redirects", "createPhoneSwitch") { try $0.createPhoneSwitch($1) },
  ]

  static let news: [Route] = [
    Route(.get, "/news/news_items", "listNewsItems") { try $0.listNewsItems($1) },
    Route(.post, "/news/news_items", "createNewsItem") { try $0.createNewsItem($1) },
    Route(.get, "/news/news_items/{id}", "retrieveNewsItem") { try $0.retrieveNewsItem($1) },
    Route(.put, "/news/news_items/{id}", "updateNewsItem") { try $0.updateNewsItem($1) },
    Route(.delete, "/news/news_items/{id}", "deleteNewsItem") { try $0.deleteNewsItem($1) },
    Route(.get, "/news/newsfeeds/{id}/items", "listLiveNewsfeedItems") { try $0.listLiveNewsfeedItems($1) },
    Route(.get, "/news/newsfeeds", "listNewsfeeds") { try $0.listNewsfeeds($1) },
    Route(.get, "/news/newsfeeds/{id}", "retrieveNewsfeed") { try $0.retrieveNewsfeed($1) },
  ]

  static let visitors: [Route] = [
    Route(.put, "/visitors", "updateVisitor") { try $0.updateVisitor($1) },
    Route(.get, "/visitors", "retrieveVisitorWithUserId") { try $0.retrieveVisitor($1) },
    Route(.post, "/visitors/convert", "convertVisitor") { try $0.convertVisitor($1) },
  ]
}
