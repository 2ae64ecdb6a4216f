/// All refusals that the sandbox knows, with the codes and wording that clients meet.
extension APIError {
  // MARK: The wire

  static let unauthorized = APIError(401, "unauthorized", "Access Token Invalid")
  static let missingAuthorization = APIError(401, "unauthorized", "Access Token Invalid")
  static let malformedJSON = APIError(400, "parameter_invalid", "The request body is not valid JSON")
  static let bodyNotAnObject = APIError(400, "parameter_invalid", "The request body must be a JSON object")
  static let notAcceptable = APIError(
    406, "media_type_not_acceptable", "The Accept header should send a media type of application/json")
  static let unsupportedMediaType = APIError(
    415, "unsupported_media_type", "The Content-Type header should be application/json")
  static let noSuchPath = APIError(404, "not_found", "The requested resource was not found")
  static let methodNotAllowed = APIError(405, "not_found", "This method is not allowed for this path")
  static let serverError = APIError(500, "server_error", "An internal error occurred")
  static let requestTimeout = APIError(408, "request_timeout", "The request took too long")

  static func bodyTooLarge(limit: Int) -> APIError {
    APIError(413, "client_error", "The request body is larger than \(limit) bytes")
  }

  static func invalidVersion(_ version: String) -> APIError {
    APIError(400, "intercom_version_invalid", "The requested version '\(version)' could not be found")
  }

  static func rateLimited(_ limit: SandboxConfiguration.RateLimit) -> APIError {
    APIError(
      429, "rate_limit_exceeded", "Exceeded rate limit of \(limit.requests) in \(limit.seconds)_seconds")
  }

  static func notSimulated(_ operation: String) -> APIError {
    APIError(501, "not_simulated", "The sandbox does not simulate \(operation) yet: nothing was done")
  }

  static func faulty(_ status: Int) -> APIError {
    switch status {
    case 500: APIError(500, "server_error", "Something went wrong (a fault of the sandbox, as ordered)")
    case 503: APIError(503, "service_unavailable", "Sorry, the API service is temporarily unavailable")
    default: APIError(status, "server_error", "A fault of the sandbox, as ordered")
    }
  }

  // MARK: Parameters

  static func missing(_ name: String) -> APIError {
    APIError(400, "parameter_not_found", "\(name) is required", field: name)
  }

  static func invalid(_ message: String, field: String? = nil) -> APIError {
    APIError(400, "parameter_invalid", message, field: field)
  }

  static func unprocessable(_ message: String, field: String? = nil) -> APIError {
    APIError(422, "parameter_invalid", message, field: field)
  }

  static let invalidCursor = APIError(400, "parameter_invalid", "Invalid starting_after param")
  static let pageLimit = APIError(400, "bad_request", "page limit reached, please use scroll API")

  // MARK: Things that are not there

  static let resourceNotFound = APIError(404, "not_found", "Resource Not Found")
  static let userNotFound = APIError(404, "not_found", "User Not Found")
  static let visitorNotFound = APIError(404, "not_found", "Visitor Not Found")
  static let conversationNotFound = APIError(404, "not_found", "Conversation not found")
  static let ticketNotFound = APIError(404, "ticket_not_found", "Ticket not found")
  static let tagNotFound = APIError(404, "tag_not_found", "Tag not found")
  static let companyNotFound = APIError(404, "company_not_found", "Company Not Found")
  static let adminNotFound = APIError(404, "admin_not_found", "Admin not found")
  static let adminForIDNotFound = APIError(404, "admin_not_found", "Admin for admin_id not found")
  static let teamNotFound = APIError(404, "team_not_found", "Team not found")
  static let assigneeNotFound = APIError(404, "assignee_not_found", "Assignee not found")
  static let partNotFound = APIError(
    404, "conversation_part_or_message_not_found", "Conversation part or message not found")
  static let attributeNotFound = APIError(
    404, "field_not_found", "We couldn't find that data attribute to update")

  // MARK: Rules

  /// The message is the only place that names the contact in the way.
  static func contactExists(id: String) -> APIError {
    APIError(409, "conflict", "A contact matching those details already exists with id=\(id)")
  }

  static func archivedContactExists(id: String) -> APIError {
    APIError(
      409, "conflict", "An archived contact matching those details already exists with id=\(id)")
  }

  static let invalidMerge = APIError(
    400, "invalid_merge", "Only a lead can be merged, and only into a user")

  static func mergedNotRestorable(id: String) -> APIError {
    APIError(400, "not_restorable", "The contact \(id) has been merged and is not restorable")
  }

  static func tagInUse(_ segments: [String]) -> APIError {
    APIError(
      400, "tag_has_dependent_objects",
      "Unable to delete Tag with dependent objects. Segments: \(segments.joined(separator: ", ")).")
  }

  static let lastCustomer = APIError(
    422, "parameter_invalid", "Removing the last customer is not allowed")
  static let notACustomerType = APIError(
    400, "parameter_invalid", "Ticket type is not a customer ticket type")
  static let ticketStateInvalid = APIError(
    400, "ticket_state_id_invalid",
    "Ticket state id is not valid or is not associated with the ticket type")
  static let backOfficeReply = APIError(
    400, "parameter_mismatch", "User replies are not allowed on Backoffice tickets")
  static let companyLimit = APIError(
    400, "contact_company_limit_exceeded", "Contact has reached the maximum of 1000 company associations")
  static let partNotRedactable = APIError(
    400, "conversation_part_not_redactable", "This part of the conversation cannot be redacted")
  static let scrollExists = APIError(
    400, "scroll_exists", "scroll already exists for this workspace/app")
  static let scrollNotFound = APIError(404, "not_found", "scroll parameter not found")
}
