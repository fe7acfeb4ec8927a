// Are instances exact on their way from a host's WS-Man, through CIM-XML text inside SOAP, and back? One case for
// each thing that Windows tells apart (WMI-8 to WMI-13, WMI-25).
#include <doctest/doctest.h>

#include <fmt/format.h>
#include <string>

#include "engine/model/setting.hpp"
#include "providers/wmi/hyperv/codec.hpp"
#include "providers/wmi/hyperv/networks.hpp"
#include "providers/wmi/wsman/soap.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi::cim::cim_embedded_test {
namespace {

xml::Element element(const std::string& inside, const std::string& name = "p:C") {
    const auto root =
        xml::parse(fmt::format("<{0} xmlns:p='u' xmlns:xsi='{1}' xmlns:cim='{2}' xmlns:a='{3}' "
                               "xmlns:w='{4}'>{5}</{0}>",
                               name, space::xsi, space::cim, space::addressing, space::wsman, inside));
    REQUIRE_MESSAGE(root.has_value(), (root ? "" : root.error().text));
    return *root;
}

Instance read(const std::string& inside) { return read_instance(element(inside)); }

std::string embedded(const std::string& properties) { return "<INSTANCE CLASSNAME='C'>" + properties + "</INSTANCE>"; }

std::string said(const Instance& instance) {
    const auto text = to_text(instance);
    return text ? *text : "error " + std::string(name(text.error().code));
}

}  // namespace

TEST_CASE("cim: a namespace decides, never a prefix") {
    const auto root =
        xml::parse("<q:C xmlns:q='u' xmlns:nil='" + std::string(space::xsi) + "' xmlns:xsi='not-that-one'>" +
                   "<q:A nil:nil='true'/><q:B xsi:nil='true'/><q:D xmlns:x='" + std::string(space::cim) +
                   "'><x:Datetime>2026-01-02T03:04:05Z</x:Datetime></q:D><q:E xmlns:cim='other'>t"
                   "<cim:Datetime>2026</cim:Datetime></q:E></q:C>");
    REQUIRE(root.has_value());
    const Instance i = read_instance(*root);
    CHECK(i.find("A")->null);
    CHECK_FALSE(i.find("B")->null);
    CHECK(i.text("D") == "2026-01-02T03:04:05Z");
    CHECK(i.text("E") == "t");
}

TEST_CASE("cim: absent and nil are null, empty is not, and none of them is sent as something else") {
    const Instance i = read("<p:Nil xsi:nil='true'/><p:Empty/><p:None xsi:nil='false'/>");
    for (const char* gone : {"Nil", "Absent"}) {
        CHECK_FALSE(i.text(gone).has_value());
        CHECK_FALSE(i.boolean(gone)->has_value());
        CHECK_FALSE(i.integer(gone)->has_value());
        CHECK_FALSE(i.datetime(gone)->has_value());
        CHECK(i.list(gone).empty());
    }
    for (const char* empty : {"Empty", "None"}) {
        CHECK(i.text(empty) == "");
        CHECK(i.list(empty) == std::vector<std::string>{""});
        CHECK_FALSE(i.boolean(empty).has_value());
        CHECK_FALSE(i.integer(empty).has_value());
        CHECK_FALSE(i.datetime(empty).has_value());
    }
    constexpr TypeRow types[] = {{"Nil", "string"}, {"Absent", "string"}, {"Empty", "string"}};
    CHECK(said(typed(i, types)) ==
          "<INSTANCE CLASSNAME=\"C\"><PROPERTY NAME=\"Empty\" TYPE=\"string\"><VALUE></VALUE></PROPERTY></INSTANCE>");
    // An empty boolean became FALSE once; that would have been a change nobody asked for.
    constexpr TypeRow wrong[] = {{"Empty", "boolean"}};
    CHECK(said(typed(i, wrong)) == "error bad_input");
}

TEST_CASE("cim: an array of one stays an array where the table says so") {
    const Instance i = read("<p:Tags>Microsoft:UserManaged</p:Tags><p:S>a</p:S><p:S>b</p:S>");
    constexpr TypeRow types[] = {{"Tags", "string", true}};
    CHECK(said(typed(i, types)) ==
          "<INSTANCE CLASSNAME=\"C\"><PROPERTY.ARRAY NAME=\"Tags\" TYPE=\"string\"><VALUE.ARRAY>"
          "<VALUE>Microsoft:UserManaged</VALUE></VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE>");
    constexpr TypeRow wrong[] = {{"S", "string"}};
    CHECK(said(typed(i, wrong)) == "error bad_input");
}

TEST_CASE("cim: dates of every server are one value, and go out in CIM's form") {
    const Instance i = read(
        "<p:Windows><cim:Datetime>2026-01-02T05:04:05.678901+02:00</cim:Datetime></p:Windows>"
        "<p:Omi>2026-01-02T03:04:05.678901Z</p:Omi><p:Raw>20260102010405.678901-120</p:Raw>"
        "<p:W><cim:Interval>P0DT0H1M40S</cim:Interval></p:W><p:R>00000000000140.000000:000</p:R><p:Bad>soon</p:Bad>");
    const auto windows = i.datetime("Windows");
    REQUIRE(windows.has_value());
    CHECK(*windows == *i.datetime("Omi"));
    CHECK(*windows == *i.datetime("Raw"));
    CHECK(*i.datetime("W") == *i.datetime("R"));
    CHECK((*i.datetime("W"))->interval);
    CHECK(i.datetime("Bad").error().code == Code::protocol);
    constexpr TypeRow types[] = {{"Windows", "datetime"}, {"W", "datetime"}};
    CHECK(said(typed(i, types)).find("<VALUE>20260102030405.678901+000</VALUE>") != std::string::npos);
    CHECK(said(typed(i, types)).find("<VALUE>00000000000140.000000:000</VALUE>") != std::string::npos);
    constexpr TypeRow wrong[] = {{"Bad", "datetime"}};
    CHECK(said(typed(i, wrong)) == "error bad_input");
}

TEST_CASE("cim: the greatest number passes through every form unchanged") {
    const std::string most = "18446744073709551615";
    const Instance i = read("<p:N>" + most + "</p:N>");
    constexpr TypeRow types[] = {{"N", "uint64"}};
    const auto back = from_text(said(typed(i, types)));
    REQUIRE(back.has_value());
    CHECK(*back->integer("N") == 18446744073709551615ull);
    CHECK(back->find("N")->type == "uint64");
}

TEST_CASE("cim: embedded text with all that Windows may add") {
    const auto i = from_text(
        "\r\n<?xml version=\"1.0\"?><INSTANCE CLASSNAME=\"Msvm_Error\" SUPERCLASS=\"CIM_Error\">"
        "<QUALIFIER NAME=\"q\" PROPAGATED=\"true\" TYPE=\"string\"><VALUE>class</VALUE></QUALIFIER>"
        "<PROPERTY NAME=\"Message\" CLASSORIGIN=\"CIM_Error\" PROPAGATED=\"true\" EmbeddedObject=\"instance\" "
        "TYPE=\"string\"><QUALIFIER NAME=\"q\" TYPE=\"string\"><VALUE>no</VALUE></QUALIFIER>"
        "<VALUE><![CDATA[a <b> & c]]></VALUE></PROPERTY><PROPERTY NAME=\"Null\" TYPE=\"uint16\"></PROPERTY>"
        "<PROPERTY NAME=\"Blank\" TYPE=\"string\"><VALUE/></PROPERTY>"
        "<PROPERTY.REFERENCE NAME=\"Ref\" REFERENCECLASS=\"X\"><VALUE.REFERENCE><INSTANCENAME CLASSNAME=\"X\"/>"
        "</VALUE.REFERENCE></PROPERTY.REFERENCE><PROPERTY.OBJECT NAME=\"Obj\"/>"
        "<PROPERTY.ARRAY NAME=\"A\" TYPE=\"string\" ISARRAY=\"TRUE\" ARRAYSIZE=\"3\"><QUALIFIER NAME=\"r\" "
        "TYPE=\"boolean\">"
        "<VALUE>TRUE</VALUE></QUALIFIER><VALUE.ARRAY><VALUE>x</VALUE><VALUE.NULL/><VALUE>y</VALUE></VALUE.ARRAY>"
        "</PROPERTY.ARRAY><PROPERTY.ARRAY NAME=\"One\" TYPE=\"string\"><VALUE.ARRAY><VALUE>z</VALUE></VALUE.ARRAY>"
        "</PROPERTY.ARRAY></INSTANCE>\n");
    REQUIRE_MESSAGE(i.has_value(), (i ? "" : i.error().text));
    CHECK(i->class_name == "Msvm_Error");
    CHECK(i->text("Message") == "a <b> & c");
    CHECK(i->find("Null")->null);
    CHECK_FALSE(i->find("Blank")->null);
    CHECK(i->text("Blank") == "");
    CHECK(i->list("A") == std::vector<std::string>{"x", "y"});
    CHECK(i->list("One") == std::vector<std::string>{"z"});
    CHECK(i->find("One")->array);
    CHECK_FALSE(i->has("Ref"));
    CHECK_FALSE(i->has("q"));
    CHECK(i->properties.size() == 5);
}

TEST_CASE("cim: embedded text that was escaped once too often") {
    const Instance i{"C", {scalar("A", "string", "x < y & \"z\""), scalar("B", "string", "&lt;")}};
    const std::string once = *to_text(i);
    xml::Writer out;
    out.leaf("p", once);
    std::string twice = *std::move(out).finish();
    twice = twice.substr(3, twice.size() - 7);
    REQUIRE(twice.starts_with("&lt;INSTANCE"));
    for (const std::string& text : {once, twice, "\n" + twice + " "}) {
        const auto back = from_text(text);
        REQUIRE_MESSAGE(back.has_value(), (back ? "" : back.error().text));
        CHECK(back->text("A") == "x < y & \"z\"");
        CHECK(back->text("B") == "&lt;");
    }
}

TEST_CASE("cim: embedded text that is refused") {
    const std::string p = "<PROPERTY NAME='a' TYPE='string'>";
    const struct {
        const char* why;
        std::string text;
    } rows[] = {
        {"document type", "<!DOCTYPE x [<!ENTITY e 'f'>]>" + embedded("")},
        {"document type, escaped once more",
         "&lt;!DOCTYPE x [&lt;!ENTITY e 'f'&gt;]&gt;&lt;INSTANCE CLASSNAME='C'/&gt;"},
        {"an entity", embedded(p + "<VALUE>&e;</VALUE></PROPERTY>")},
        {"an entity, escaped once more", "&lt;INSTANCE CLASSNAME='&amp;e;'/&gt;"},
        {"escaped in part", "&lt;INSTANCE CLASSNAME='C'&gt;<b/>&lt;/INSTANCE&gt;"},
        {"escaped twice too often", "&amp;lt;INSTANCE CLASSNAME='C'/&amp;gt;"},
        {"two values", embedded(p + "<VALUE>1</VALUE><VALUE>2</VALUE></PROPERTY>")},
        {"elements in a value", embedded(p + "<VALUE>1<b/></VALUE></PROPERTY>")},
        {"a property twice", embedded(p + "</PROPERTY><PROPERTY NAME='A' TYPE='string'/>")},
        {"no type", embedded("<PROPERTY NAME='a'><VALUE>1</VALUE></PROPERTY>")},
        {"no name", embedded("<PROPERTY TYPE='string'><VALUE>1</VALUE></PROPERTY>")},
        {"something else in an array",
         embedded("<PROPERTY.ARRAY NAME='a' TYPE='string'><VALUE.ARRAY><X/></VALUE.ARRAY></PROPERTY.ARRAY>")},
        {"a control character", embedded(p + "<VALUE>\x01</VALUE></PROPERTY>")},
        {"cut off", embedded(p).substr(0, 40)},
        {"another document", "<CIM/>"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        const auto i = from_text(row.text);
        REQUIRE_FALSE(i.has_value());
        CHECK(i.error().code == Code::protocol);
    }
}

TEST_CASE("cim: what cannot be said in CIM-XML is not said otherwise") {
    CHECK(said({"C", {scalar("A", "", "1")}}) == "error bad_input");
    CHECK(said({"C", {scalar("", "string", "1")}}) == "error bad_input");
    CHECK(said({"C", {scalar("A", "boolean", "yes")}}) == "error bad_input");
    CHECK(said({"C", {scalar("A", "string", std::string("\x02"))}}) == "error bad_input");
    CHECK(said({"C", {scalar("A", "boolean", " true ")}}).find(">TRUE<") != std::string::npos);
    CHECK(said({"C", {scalar("A", "boolean", "0")}}).find(">FALSE<") != std::string::npos);
}

TEST_CASE("cim: Modify keeps InstanceID, Add leaves it out, and only what the host showed goes back") {
    const auto networks = read_networks(
        {read("<p:InstanceID>Microsoft:1\\&lt;2</p:InstanceID><p:Caption>R&amp;D"
              "</p:Caption><p:Description>d</p:Description><p:ElementName>e</p:ElementName><p:SubnetNumber>10.0.0.0</"
              "p:SubnetNumber>"
              "<p:PrefixLength>8</p:PrefixLength><p:Tags>Microsoft:UserManaged</p:Tags><p:Unheard>of</p:Unheard>")});
    REQUIRE(networks.has_value());
    const auto modified = with_metric(networks->front(), "10.0.0.0/8 metric 3");
    REQUIRE(modified.has_value());
    const auto back = from_text(said(*modified));
    REQUIRE(back.has_value());
    CHECK(back->text("InstanceID") == "Microsoft:1\\<2");
    CHECK(back->list("Tags") == std::vector<std::string>{"Microsoft:UserManaged"});
    CHECK_FALSE(back->has("Caption"));
    CHECK_FALSE(back->has("Description"));
    CHECK_FALSE(back->has("ElementName"));
    CHECK_FALSE(back->has("Unheard"));
    const auto added = fresh_networks("10.0.0.0/8 metric 3");
    REQUIRE(added.has_value());
    CHECK(said(added->front()).find("InstanceID") == std::string::npos);
}

TEST_CASE("cim: an embedded instance survives the way through SOAP") {
    const Instance i{"C", {scalar("A", "string", "a<b>&\"']]>\r\n\t\xc3\xa9"), scalar("B", "string", "&amp;lt;")}};
    const std::vector<soap::Argument> arguments = {{"S", said(i)}};
    const auto text = soap::invoke({"http://h", "uuid:1"}, {"http://r/C", {}}, "Do", arguments);
    REQUIRE(text.has_value());
    const auto envelope = xml::parse(*text);
    REQUIRE(envelope.has_value());
    const xml::Element* argument = envelope->child(space::soap, "Body")->child("Do_INPUT")->child("S");
    REQUIRE(argument != nullptr);
    CHECK(argument->children.empty());  // text, not elements (WMI-12)
    const auto back = from_text(argument->text);
    REQUIRE(back.has_value());
    CHECK(back->text("A") == i.text("A"));
    CHECK(back->text("B") == i.text("B"));
}

}  // namespace fairway::wmi::cim::cim_embedded_test
