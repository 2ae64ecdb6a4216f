/// What the made-up people, firms and messages are made of. Addresses lie in domains that are kept free for
/// examples (RFC 2606).
enum SeedNames {
  static let given = [
    "Ada", "Ahmed", "Aiko", "Alice", "Amara", "Ana", "Anders", "Anya", "Arjun", "Astrid", "Bao", "Beatriz",
    "Ben",
    "Carla", "Chen", "Chloe", "Dara", "David", "Diego", "Elena", "Emil", "Emma", "Esra", "Eva", "Farah",
    "Felix",
    "Fiona", "Gita", "Grace", "Hana", "Hassan", "Ida", "Ines", "Ivan", "Jan", "Jana", "Javier", "Jonas",
    "Julia",
    "Kai", "Kavya", "Kofi", "Lars", "Layla", "Lena", "Liam", "Lin", "Lucia", "Magnus", "Maria", "Mateo",
    "Maya",
    "Mei", "Mira", "Nadia", "Niko", "Nina", "Noah", "Olga", "Oscar", "Paula", "Petra", "Priya", "Rafael",
    "Rania",
    "Rosa", "Sam", "Sana", "Sara", "Sofia", "Tariq", "Theo", "Tomas", "Uma", "Vera", "Viktor", "Wei", "Yara",
    "Yusuf", "Zoe",
  ]

  static let family = [
    "Abara", "Andersen", "Baker", "Barros", "Becker", "Bergström", "Brown", "Castro", "Chen", "Costa", "Cruz",
    "Dahl", "Diaz", "Dubois", "Eriksen", "Farouk", "Fischer", "Garcia", "Gupta", "Haddad", "Hansen",
    "Hoffmann",
    "Horvat", "Ito", "Ivanov", "Jansen", "Johansson", "Kaya", "Keller", "Khan", "Kim", "Kovács", "Kumar",
    "Larsen", "Lee", "Li", "Lopez", "Martin", "Mendes", "Meyer", "Moreau", "Müller", "Nagy", "Nakamura",
    "Nowak",
    "O'Brien", "Okafor", "Olsen", "Patel", "Petrov", "Ramos", "Reyes", "Rossi", "Sato", "Schmidt", "Silva",
    "Singh",
    "Smith", "Sørensen", "Tanaka", "Torres", "Vargas", "Weber", "Wong", "Yilmaz", "Zhang",
  ]

  static let domains = [
    "example.com", "example.org", "example.net", "northwind.example", "lumen.example", "harbor.example",
    "orchard.example", "granite.example", "bluefin.example", "paperkite.example", "tidewater.example",
    "quill.example",
  ]

  static let companies = [
    "Northwind", "Lumen Labs", "Harbor & Sons", "Orchard Foods", "Granite Works", "Bluefin Travel",
    "Paperkite",
    "Tidewater Energy", "Quill Press", "Copper Lane", "Meadow Health", "Signal Ridge", "Fernhill", "Saltbox",
    "Juniper Logistics", "Old Mill Bakery", "Redwood Analytics", "Kestrel Air", "Violet Studio",
    "Anchor Bank",
  ]

  /// The name of a company that somebody entered a second or third time, not knowing of the first.
  static func again(_ name: String, _ index: Int) -> String {
    switch index % 4 {
    case 0: name + " Inc."
    case 1: name.uppercased()
    case 2: name + " GmbH"
    default: name + " (new)"
    }
  }

  static let industries = [
    "Software", "Retail", "Energy", "Publishing", "Travel", "Food", "Health", "Logistics",
  ]
  static let plans = ["free", "starter", "pro", "enterprise"]

  /// Country, region, city, country code, continent code.
  static let places: [(String, String, String, String, String)] = [
    ("Germany", "Berlin", "Berlin", "DEU", "EU"), ("Ireland", "Leinster", "Dublin", "IRL", "EU"),
    ("United States", "California", "San Francisco", "USA", "NA"),
    ("United States", "New York", "New York", "USA", "NA"), ("Brazil", "São Paulo", "São Paulo", "BRA", "SA"),
    ("India", "Karnataka", "Bengaluru", "IND", "AS"), ("Japan", "Tokyo", "Tokyo", "JPN", "AS"),
    ("Australia", "New South Wales", "Sydney", "AUS", "OC"), ("Norway", "Oslo", "Oslo", "NOR", "EU"),
    ("Nigeria", "Lagos", "Lagos", "NGA", "AF"), ("Canada", "Ontario", "Toronto", "CAN", "NA"),
    ("Spain", "Madrid", "Madrid", "ESP", "EU"),
  ]

  static let browsers = ["chrome", "firefox", "safari", "edge"]
  static let systems = ["OS X 14.5", "Windows 11", "Ubuntu 24.04", "iOS 17.5", "Android 14"]
  static let iosDevices = ["iPhone13,2", "iPhone14,5", "iPhone15,3", "iPad13,1"]
  static let androidDevices = ["Pixel 7", "Pixel 8", "SM-S911B", "SM-A546B"]
  static let languages = ["en", "de", "es", "pt", "fr", "ja"]

  /// As they grow in a workspace that nobody tidies: double, misspelt, unused.
  static let tags = [
    "VIP", "vip ", "Vip", "beta", "Beta testers", "churn risk", "churn-risk", "newsletter", "Newsletter 2023",
    "do not contact", "press", "partner", "enterprise", "self-serve", "trial", "trial expired", "bug", "Bug",
    "billing", "feature request", "refund", "outage", "test", "test tag", "tmp", "import 2021",
  ]
  /// How many of the first ones are used for contacts, and where those of conversations begin.
  static let contactTags = 16
  static let conversationTags = 16..<22

  static let subjects: [(subject: String, body: String)] = [
    ("Refund for last invoice", "Hi, I was charged twice this month. Could you refund the second invoice?"),
    ("Cannot log in", "I need support: the login page says my password is wrong, but I have just reset it."),
    ("Export takes forever", "The CSV export has been running for two hours. Is there a problem?"),
    ("Outage?", "The payment page shows an error for all our customers. Is there an outage?"),
    ("Upgrade to the pro plan", "We would like to move to the pro plan. What happens to our data?"),
    ("Feature request: dark mode", "Dark mode would be wonderful. Any plans?"),
    ("Delete my account", "Please delete my account and everything you hold about me."),
    ("Invoice address", "Our billing address has changed. Where can I update it?"),
    ("Slow dashboard", "Since yesterday the dashboard needs ten seconds to load."),
    ("Question about seats", "How many seats are in our plan, and what does one more cost?"),
    ("API limits", "We hit the rate limit each night. Can it be raised?"),
    ("Thank you", "Just a note to say that your support is great!"),
  ]

  static let answers = [
    "Thanks for writing. I am looking into it.", "Could you tell me which browser you use?",
    "This should be fixed now. Could you try again?", "I have passed this on to our engineers.",
    "Sorry for the wait. The refund is on its way.", "You can change that under Settings.",
  ]
  static let replies = [
    "Yes, it works now. Thanks!", "Still the same, sorry.", "I use the latest version.", "Any news?",
    "That would be great.",
  ]

  /// What people write who should not: numbers of cards that exist nowhere (the issuers' own test numbers).
  static let cards = [
    "My card is 4242 4242 4242 4242, 04/29. Can you charge that one?",
    "Please use 5555-5555-5555-4444 from now on.", "The number on the invoice is 378282246310005, is it not?",
  ]

  static let collections = ["Getting started", "Billing", "Integrations", "Troubleshooting", "Old articles"]

  static let articles: [(title: String, body: String)] = [
    ("How to invite your team", "Open <b>Settings</b> and choose <i>Team</i>. More in the old docs."),
    ("Change your billing address", "Go to <b>Billing</b> and edit the address."),
    ("Export your data", "Exports are CSV files. They can take an hour."),
    ("Connect your CRM", "Create a key, then paste it into your CRM."),
    ("Reset a password", "Use the link on the login page. It is good for an hour."),
    ("Refunds", "We refund within 14 days. Write to support."),
    ("API limits", "10,000 calls a minute for an app."), ("Two-step login", "Scan the code with your phone."),
    ("Delete your account", "An owner can delete the account under Settings."),
    ("What a seat is", "A seat is one person who can log in."),
  ]

  static let news = [
    "A faster dashboard", "A dark theme for the dashboard", "New prices from March",
    "Exports now come by email",
    "Scheduled maintenance", "Meet us in Berlin", "Two-step login for all", "A new mobile app",
  ]

  static let activities: [(type: String, description: String)] = [
    ("admin_away_mode_change", "changed their away mode"), ("app_admin_join", "joined the workspace"),
    ("admin_login_success", "logged in"), ("message_deletion", "deleted a message"),
    ("bulk_export", "exported a list of people"), ("app_name_change", "changed the name of the workspace"),
    ("admin_permission_change", "changed the permissions of a teammate"),
  ]

  static let eventNames = ["logged-in", "invoice-paid", "exported-data", "invited-teammate", "plan-changed"]
}
