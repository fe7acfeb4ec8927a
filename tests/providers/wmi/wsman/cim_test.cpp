// Are the shapes of values in WS-Man and in CIM-XML read and written as they are (WMI-8 to WMI-13)?
#include <doctest/doctest.h>

#include <string>

#include "providers/wmi/wsman/cim.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi::cim::cim_test {
namespace {

Instance read(const std::string& properties) {
    const auto root = xml::parse(
        "<p:C xmlns:p='u' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
        "xmlns:cim='http://schemas.dmtf.org/wbem/wscim/1/common' "
        "xmlns:a='http://schemas.xmlsoap.org/ws/2004/08/addressing' "
        "xmlns:w='http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd'>" +
        properties + "</p:C>");
    REQUIRE_MESSAGE(root.has_value(), (root ? "" : root.error().text));
    return read_instance(*root);
}

const std::string job_reference =
    "<a:Address>x</a:Address><a:ReferenceParameters><w:ResourceURI> http://r/Msvm_MigrationJob </w:ResourceURI>"
    "<w:SelectorSet><w:Selector Name='InstanceID'>7&lt;</w:Selector></w:SelectorSet></a:ReferenceParameters>";

}  // namespace

TEST_CASE("cim: null, absent and empty") {
    const Instance i = read("<p:Null xsi:nil='true'/><p:Null1 xsi:nil='1'/><p:Empty/><p:Blank> </p:Blank>");
    CHECK(i.class_name == "C");
    CHECK(i.has("null"));
    CHECK_FALSE(i.text("Null").has_value());
    CHECK_FALSE(i.text("Null1").has_value());
    CHECK_FALSE(i.has("Absent"));
    CHECK_FALSE(i.text("Absent").has_value());
    CHECK(i.text("Empty") == "");
    CHECK(i.text("Blank") == " ");
    CHECK(i.list("Null").empty());
}

TEST_CASE("cim: arrays of none, one and many") {
    const Instance i = read("<p:One>a</p:One><p:Two>a</p:Two><p:Two>b</p:Two><p:No xsi:nil='true'/>");
    CHECK(i.list("One") == std::vector<std::string>{"a"});
    CHECK(i.list("Two") == std::vector<std::string>{"a", "b"});
    CHECK(i.list("No").empty());
    CHECK(i.find("Two")->array);
    CHECK_FALSE(i.integer("Two").has_value());
}

TEST_CASE("cim: booleans in every spelling") {
    for (const char* text : {"true", "TRUE", "True", "1", " true "})
        CHECK(*read(std::string("<p:B>") + text + "</p:B>").boolean("B") == true);
    for (const char* text : {"false", "FALSE", "0"})
        CHECK(*read(std::string("<p:B>") + text + "</p:B>").boolean("B") == false);
    for (const char* text : {"", "yes", "2", "-1"})
        CHECK_FALSE(read(std::string("<p:B>") + text + "</p:B>").boolean("B").has_value());
}

TEST_CASE("cim: numbers are exact or an error") {
    CHECK(*read("<p:N>18446744073709551615</p:N>").integer("N") == 18446744073709551615ull);
    CHECK(*read("<p:N>9007199254740993</p:N>").integer("N") == 9007199254740993ull);
    for (const char* text : {"18446744073709551616", "-1", "1.0", "1e3", "", "0x10", "4 2"})
        CHECK_FALSE(read(std::string("<p:N>") + text + "</p:N>").integer("N").has_value());
}

TEST_CASE("cim: the shapes of dates are kept as text") {
    CHECK(read("<p:D><cim:Datetime>2026-01-02T03:04:05.678Z</cim:Datetime></p:D>").text("D") ==
          "2026-01-02T03:04:05.678Z");
    CHECK(read("<p:D>\n <cim:Interval>P0DT0H1M40S</cim:Interval>\n</p:D>").text("D") == "P0DT0H1M40S");
    CHECK(read("<p:D>2026-01-02T03:04:05+08:00</p:D>").text("D") == "2026-01-02T03:04:05+08:00");
    CHECK(read("<p:D>20260102030405.678901-120</p:D>").text("D") == "20260102030405.678901-120");
}

TEST_CASE("cim: references, wrapped or not") {
    for (const std::string& shape :
         {"<p:Job>" + job_reference + "</p:Job>",
          "<p:Job><a:EndpointReference>" + job_reference + "</a:EndpointReference></p:Job>"}) {
        const Instance i = read(shape);
        const Reference* job = i.reference("Job");
        REQUIRE(job != nullptr);
        CHECK(class_of(job->resource) == "Msvm_MigrationJob");
        REQUIRE(job->selectors.size() == 1);
        CHECK(job->selectors[0].value == "7<");
    }
    CHECK(read("<p:Job><a:ReferenceParameters/></p:Job>").reference("Job") == nullptr);
}

TEST_CASE("cim: a reference survives being written, with a reference as key too") {
    const Reference inner{"http://r/Inner", {{"Id", "1"}}};
    const Reference outer{"http://r/Outer", {{"Name", "a<b&\"c"}, {"Ref", "", {inner}}}};
    xml::Writer out;
    out.open("x", {{"xmlns:a", space::addressing}, {"xmlns:w", space::wsman}});
    write_reference(out, outer);
    out.close();
    const auto root = xml::parse(*std::move(out).finish());
    REQUIRE(root.has_value());
    const auto back = read_reference(*root);
    REQUIRE(back.has_value());
    CHECK(back->resource == outer.resource);
    REQUIRE(back->selectors.size() == 2);
    CHECK(back->selectors[0].value == "a<b&\"c");
    REQUIRE(back->selectors[1].reference.size() == 1);
    CHECK(back->selectors[1].reference[0].resource == "http://r/Inner");
}

TEST_CASE("cim: CIM-XML text") {
    Instance i{"Msvm_X",
               {scalar("InstanceID", "string", "a<b>\"&]]>"), scalar("On", "boolean", "true"),
                scalar("Off", "boolean", "0"), scalar("N", "uint32", "0"), array("Tags", "string", {"x", "y"})}};
    i.properties.push_back(Property{.name = "Gone", .type = "string", .null = true});
    const auto text = to_text(i);
    REQUIRE(text.has_value());
    CHECK(*text ==
          "<INSTANCE CLASSNAME=\"Msvm_X\">"
          "<PROPERTY NAME=\"InstanceID\" TYPE=\"string\"><VALUE>a&#60;b&#62;&#34;&#38;]]&#62;</VALUE></PROPERTY>"
          "<PROPERTY NAME=\"On\" TYPE=\"boolean\"><VALUE>TRUE</VALUE></PROPERTY>"
          "<PROPERTY NAME=\"Off\" TYPE=\"boolean\"><VALUE>FALSE</VALUE></PROPERTY>"
          "<PROPERTY NAME=\"N\" TYPE=\"uint32\"><VALUE>0</VALUE></PROPERTY>"
          "<PROPERTY.ARRAY NAME=\"Tags\" TYPE=\"string\"><VALUE.ARRAY><VALUE>x</VALUE><VALUE>y</VALUE>"
          "</VALUE.ARRAY></PROPERTY.ARRAY></INSTANCE>");
    const auto back = from_text(*text);
    REQUIRE(back.has_value());
    CHECK(back->text("InstanceID") == "a<b>\"&]]>");
    CHECK(back->list("Tags").size() == 2);
    CHECK(back->find("Tags")->array);
}

TEST_CASE("cim: CIM-XML as Windows writes it") {
    const auto i = from_text(
        "<INSTANCE CLASSNAME=\"Msvm_Error\">\r\n<QUALIFIER NAME=\"dynamic\" TYPE=\"boolean\">"
        "<VALUE>TRUE</VALUE></QUALIFIER><PROPERTY NAME=\"Message\" CLASSORIGIN=\"CIM_Error\" "
        "PROPAGATED=\"true\" TYPE=\"string\"><QUALIFIER NAME=\"q\" TYPE=\"string\"><VALUE>no</VALUE>"
        "</QUALIFIER><VALUE>yes</VALUE></PROPERTY><PROPERTY NAME=\"Null\" TYPE=\"uint16\"/>"
        "<PROPERTY.ARRAY NAME=\"A\" TYPE=\"string\"/><PROPERTY.ARRAY NAME=\"B\" TYPE=\"string\">"
        "<VALUE.ARRAY/></PROPERTY.ARRAY></INSTANCE>");
    REQUIRE_MESSAGE(i.has_value(), (i ? "" : i.error().text));
    CHECK(i->text("Message") == "yes");
    CHECK(i->find("Null")->null);
    CHECK(i->find("A")->null);
    CHECK_FALSE(i->find("B")->null);
    CHECK(i->list("B").empty());
}

TEST_CASE("cim: CIM-XML that is refused") {
    for (const char* text :
         {"", "plain text", "<CLASS NAME='x'/>", "<INSTANCE/>", "<INSTANCE CLASSNAME='x'><PROPERTY/></INSTANCE>",
          "<INSTANCE CLASSNAME='x'><PROPERTY NAME='n'><VALUE>1</VALUE></PROPERTY></INSTANCE>",
          "<!DOCTYPE x [<!ENTITY e 'f'>]><INSTANCE CLASSNAME='x'/>", "<INSTANCE CLASSNAME='x'>"}) {
        CAPTURE(text);
        CHECK_FALSE(from_text(text).has_value());
    }
}

}  // namespace fairway::wmi::cim::cim_test
