// Is only sound XML taken, and is it told apart by namespace and not by prefix?
#include <doctest/doctest.h>

#include <string>

#include "providers/wmi/wsman/xml.hpp"

namespace fairway::wmi::xml::xml_test {

TEST_CASE("xml: names are resolved, texts unescaped") {
    const auto root = parse(
        "\xef\xbb\xbf<?xml version='1.0'?><a:x xmlns:a='u:1' xmlns='u:2' a:k=\"1 &lt; 2\" k='v'>"
        "<y>t&#x41;&amp;<![CDATA[<z>]]></y><a:y xmlns:a='u:3'> </a:y><!-- c --><q xmlns=''/></a:x>\n");
    REQUIRE_MESSAGE(root.has_value(), (root ? "" : root.error().text));
    CHECK(root->is("u:1", "x"));
    CHECK(root->attribute("u:1", "k") == "1 < 2");
    CHECK(root->attribute("", "k") == "v");
    REQUIRE(root->child("u:2", "y") != nullptr);
    CHECK(root->child("u:2", "y")->text == "tA&<z>");
    REQUIRE(root->child("u:3", "y") != nullptr);
    CHECK(root->child("u:3", "y")->text == " ");
    CHECK(root->child("", "q") != nullptr);
    CHECK(root->child("u:2", "q") == nullptr);
    CHECK(root->child("q") != nullptr);
}

TEST_CASE("xml: what is refused") {
    const std::string deep = [] {
        std::string s;
        for (int i = 0; i < 100000; ++i) s += "<a>";
        return s;
    }();
    const std::string big(1000, ' ');
    const struct {
        const char* why;
        std::string document;
    } rows[] = {
        {"empty", ""},
        {"blank", "  \n"},
        {"text only", "hello"},
        {"document type", "<!DOCTYPE a><a/>"},
        {"entity bomb", "<!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;</a>"},
        {"external entity", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"},
        {"document type behind a comment", "<!-- x --><!DOCTYPE a><a/>"},
        {"declaration within", "<a><!ENTITY x 'y'></a>"},
        {"unknown entity", "<a>&nbsp;</a>"},
        {"unknown entity in an attribute", "<a b='&x;'/>"},
        {"naked ampersand", "<a>b & c</a>"},
        {"reference to nothing", "<a>&#;</a>"},
        {"reference to NUL", "<a>&#0;</a>"},
        {"reference to a control character", "<a>&#x1;</a>"},
        {"reference to a surrogate", "<a>&#xD800;</a>"},
        {"reference too large", "<a>&#x110000;</a>"},
        {"raw control character", std::string("<a>\x01</a>")},
        {"NUL", std::string("<a>\0</a>", 8)},
        {"not UTF-8", "<a>\xff</a>"},
        {"UTF-16", std::string("\xff\xfe<\0a\0/\0>\0", 10)},
        {"undeclared prefix", "<p:a/>"},
        {"undeclared prefix of an attribute", "<a p:b='c'/>"},
        {"prefix out of its scope", "<a><b xmlns:p='u'/><p:c/></a>"},
        {"attribute twice", "<a b='1' b='2'/>"},
        {"attribute twice by namespace", "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>"},
        {"crossed tags", "<a><b></a></b>"},
        {"cut in an element", "<a><b>"},
        {"cut in a tag", "<a><b"},
        {"cut in a value", "<a b='"},
        {"cut in CDATA", "<a><![CDATA[x</a>"},
        {"cut in a comment", "<a><!-- x</a>"},
        {"two roots", "<a/><b/>"},
        {"text behind", "<a/>x"},
        {"CDATA behind", "<a/><![CDATA[x]]>"},
        {"closed too often", "<a/></a>"},
        {"less-than in a value", "<a b='<'/>"},
        {"too deep", deep},
        {"too many elements", "<a>" +
                                  [] {
                                      std::string s;
                                      for (int i = 0; i < 150; ++i) s += "<b/>";
                                      return s;
                                  }() +
                                  "</a>"},
        {"too many attributes", "<a" +
                                    [] {
                                        std::string s;
                                        for (int i = 0; i < 65; ++i) s += " b" + std::to_string(i) + "='1'";
                                        return s;
                                    }() +
                                    "/>"},
        {"an end of CDATA without its start", "<a>x]]>y</a>"},
        {"two prefixes", "<p:q:a xmlns:p='u'/>"},
        {"an empty prefix", "<:a/>"},
        {"an empty name", "<p: xmlns:p='u'/>"},
        {"a name that starts with a digit", "<p:1 xmlns:p='u'/>"},
        {"a prefix declared twice", "<a xmlns:p='u' xmlns:p='v'/>"},
        {"a default declared twice", "<a xmlns='u' xmlns='v'/>"},
        {"a prefix taken back", "<a xmlns:p='u'><b xmlns:p=''/></a>"},
        {"xml made something else", "<a xmlns:xml='u'/>"},
        {"xmlns made something else", "<a xmlns:xmlns='u'/>"},
        {"xmlns as a prefix of an element", "<xmlns:a/>"},
        {"too large", "<a>" + big + "</a>"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        const auto root = parse(row.document, {.bytes = row.document == deep ? deep.size() : 900, .elements = 150});
        REQUIRE_FALSE(root.has_value());
        CHECK(root.error().code == Code::protocol);
    }
}

TEST_CASE("xml: the default of a namespace may be taken back") {
    const auto root = parse("<a xmlns='u'><b xmlns=''><c/></b><d/></a>");
    REQUIRE(root.has_value());
    REQUIRE(root->child("", "b") != nullptr);
    CHECK(root->child("", "b")->child("", "c") != nullptr);
    CHECK(root->child("u", "d") != nullptr);
}

TEST_CASE("xml: a hostile number of anything is refused at once") {
    std::string many = "<a>";
    while (many.size() < (4u << 20)) many += "<b/>";
    CHECK_FALSE(parse(many + "</a>").has_value());
    std::string wide = "<a ";
    for (int i = 0; wide.size() < (4u << 20); ++i) wide += "x" + std::to_string(i) + "='' ";
    CHECK_FALSE(parse(wide + "/>").has_value());
    std::string bound;
    for (int i = 0; i < 60; ++i) {
        bound += "<a";
        for (int k = 0; k < 60; ++k) bound += " xmlns:p" + std::to_string(i * 60 + k) + "='u'";
        bound += ">";
    }
    for (int i = 0; i < 60; ++i) bound += "</a>";
    const auto refused = parse(bound);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().text.find("cannot be declared") != std::string::npos);
}

TEST_CASE("xml: repaired texts hold no character that XML cannot") {
    const std::string bad = "\xef\xbf\xbd";
    CHECK(repaired("<a>ok &#x41;&amp;&lt; \t\r\n</a>") == "<a>ok &#x41;&amp;&lt; \t\r\n</a>");
    CHECK(repaired(std::string("a\x01\0b\x1b\x7f", 6)) == "a" + bad + bad + "b" + bad + bad);
    CHECK(repaired("&#1;&#x1F;&#xD800;&#0;&#x110000;") == bad + bad + bad + bad + bad);
    CHECK(repaired("\xc2\x85\xc2\xa0\xc3\xa9") == bad + "\xc2\xa0\xc3\xa9");
    for (const char* text : {"&#1", "&#;", "&#x;", "&#</a>;", "&#&#z;", "&#xg;", "&x1;", "&"})
        CHECK(repaired(text) == text);
    CHECK(repaired("&#x00000000000000000001;&#99999999999999999999;") == bad + bad);
    CHECK(parse(repaired("<a b='&#x2;'>\x03</a>")).has_value());
}

TEST_CASE("xml: depth counts open elements only") {
    CHECK(parse("<a><b/><b/><b/></a>", {.bytes = 100, .depth = 2}).has_value());
    CHECK_FALSE(parse("<a><b><c/></b></a>", {.bytes = 100, .depth = 2}).has_value());
}

TEST_CASE("xml: whatever is written is read back as it was") {
    for (const std::string text : {"", " ", "a]]>b", "<&>\"'", "line\nline\r\n\tend", "&amp;", "gr\xc3\xbc\xc3\x9f"}) {
        CAPTURE(text);
        for (const auto references : {Writer::References::named, Writer::References::numeric}) {
            Writer out(references);
            out.open("a", {{"b", text}}).leaf("c", text).close();
            const auto written = std::move(out).finish();
            REQUIRE(written.has_value());
            const auto root = parse(*written);
            REQUIRE(root.has_value());
            CHECK(root->attribute("", "b") == text);
            CHECK(root->child("", "c")->text == text);
        }
    }
}

TEST_CASE("xml: special characters by their names or by their numbers") {
    const auto of = [](Writer out) { return *std::move(out.leaf("a", "&<>\"'")).finish(); };
    CHECK(of(Writer()) == "<a>&amp;&lt;&gt;&quot;'</a>");
    CHECK(of(Writer(Writer::References::numeric)) == "<a>&#38;&#60;&#62;&#34;&#39;</a>");
}

TEST_CASE("xml: what cannot be carried is not written") {
    for (const std::string& text :
         {std::string("\x01"), std::string("a\0b", 3), std::string("\xc3"), std::string("\x1b[2J")}) {
        Writer out;
        out.leaf("a", text);
        const auto written = std::move(out).finish();
        REQUIRE_FALSE(written.has_value());
        CHECK(written.error().code == Code::bad_input);
    }
}

}  // namespace fairway::wmi::xml::xml_test
