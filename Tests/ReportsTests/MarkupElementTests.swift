import Testing

@testable import Reports

struct MarkupElementTests {
  @Test func textAndAttributesAreEscaped() {
    var element = MarkupElement("p", ["title": "a \"b\" <c> & 'd'"], text: "1 < 2 & 3 > 2")
    element.append(MarkupElement("br"))
    #expect(
      element.rendered()
        == "<p title=\"a &quot;b&quot; &lt;c&gt; &amp; &#39;d&#39;\">1 &lt; 2 &amp; 3 &gt; 2<br/></p>"
    )
    check(element.rendered())
  }

  @Test func controlCharactersThatXMLForbidsAreDropped() {
    let element = MarkupElement("p", text: "a\u{0}b\u{1B}c\td\u{FFFF}")
    #expect(element.rendered() == "<p>abc\td</p>")
    check(element.rendered())
  }

  @Test func emptyElementsThatHTMLNeedsClosedAreClosed() {
    #expect(MarkupElement("td").rendered() == "<td></td>")
    #expect(MarkupElement("path", ["d": "M0 0"]).rendered() == "<path d=\"M0 0\"/>")
  }

  @Test func settingAnAttributeTwiceReplacesIt() {
    var element = MarkupElement("p", ["class": "a"])
    element.set("class", "b")
    element.set("id", "c")
    #expect(element.rendered() == "<p class=\"b\" id=\"c\"></p>")
  }

  @Test func identifiersHoldOnlyPlainCharacters() {
    #expect(MarkupText.identifier("MUNIX (µV) 1") == "MUNIX---V--1")
    #expect(MarkupText.identifier("1st") == "x1st")
    #expect(MarkupText.identifier("") == "x")
  }
}
