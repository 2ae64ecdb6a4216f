import Testing

@testable import CLI

@Suite struct TestSetupTests {
  @Test func aTestWithoutAWordGivesNothing() {
    #expect(TestSetup(nil).given.isEmpty)
    let prose = TestSetup("Everybody: those who left, too.\nSee also: nothing.")
    #expect(prose.first.isEmpty)
    #expect(prose.files.isEmpty)
  }

  @Test func statementsParametersAndFilesComeOutOfTheComment() {
    let setup = TestSetup(
      """
      First: tags.create("Vip")
      First: tags.create("vip: two")
      Given: --into VIP --note 'two words' --empty "" --people people.csv
      people.csv: email,plan
      people.csv: ada@example.com,pro
      """)
    #expect(setup.first == "tags.create(\"Vip\")\ntags.create(\"vip: two\")\n")
    #expect(
      setup.words(in: "/tmp/f")
        == ["--into", "VIP", "--note", "two words", "--empty", "", "--people", "/tmp/f/people.csv"])
    #expect(setup.files == [.init(name: "people.csv", text: "email,plan\nada@example.com,pro\n")])
  }
}
