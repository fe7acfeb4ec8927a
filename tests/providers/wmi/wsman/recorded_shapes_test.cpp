// Are replies in the shapes read that a real host was recorded with (github.com/r4sd/go-wsman,
// hyperv/testdata/recorded_*; words and names here are our own): an enumeration that brings its objects one by one and
// the first answer none, texts of another language, nulls, dates, references with namespaces of their own and without
// __cimnamespace?
#include <doctest/doctest.h>

#include "providers/wmi/wsman/enumeration.hpp"
#include "tests/providers/wmi/replies.hpp"

namespace fairway::wmi::recorded_shapes_test {
namespace {

const std::string v2 = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/";
const std::string anonymous = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";

std::string envelope(const std::string& action, const std::string& id, const std::string& body) {
    return "<s:Envelope xml:lang=\"de-DE\" xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
           "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
           "xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" "
           "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><s:Header><a:Action>"
           "http://schemas.xmlsoap.org/ws/2004/09/enumeration/" +
           action + "</a:Action><a:MessageID>uuid:0D0E0000-0000-0000-0000-000000000001</a:MessageID><a:To>" +
           anonymous + "</a:To><a:RelatesTo>" + id + "</a:RelatesTo></s:Header><s:Body>" + body +
           "</s:Body></s:Envelope>";
}

std::string object(const std::string& name, const std::string& content) {
    return "<p:" + name + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"" + v2 + name +
           "\" xmlns:cim=\"http://schemas.dmtf.org/wbem/wscim/1/common\" xsi:type=\"p:" + name + "_Type\">" + content +
           "</p:" + name + ">";
}

const std::string host =
    "<p:Caption>Hostcomputersystem für die Küste</p:Caption><p:CommunicationStatus xsi:nil=\"true\"/>"
    "<p:CreationClassName>Msvm_ComputerSystem</p:CreationClassName><p:ElementName>WEST-7</p:ElementName>"
    "<p:EnabledState>2</p:EnabledState><p:InstallDate xsi:nil=\"true\"/><p:Name>WEST-7</p:Name>"
    "<p:OperationalStatus>2</p:OperationalStatus><p:TimeOfLastStateChange xsi:nil=\"true\"/>";
const std::string machine =
    "<p:Caption>Virtueller Computer</p:Caption><p:CreationClassName>Msvm_ComputerSystem</p:CreationClassName>"
    "<p:ElementName>pilot cutter</p:ElementName><p:EnabledState>2</p:EnabledState>"
    "<p:InstallDate><cim:Datetime>2024-03-05T06:07:08.123456Z</cim:Datetime></p:InstallDate>"
    "<p:LastReplicationTime><cim:Datetime>1601-01-01T00:00:00Z</cim:Datetime></p:LastReplicationTime>"
    "<p:Name>7C1E0000-0000-4000-8000-00000000000A</p:Name><p:StatusDescriptions>Wird ausgeführt</p:StatusDescriptions>";

// What a host says to one request after the other.
std::vector<cim::Instance> lead(Enumeration enumeration, const std::vector<std::string>& actions,
                                const std::vector<std::string>& bodies) {
    for (std::size_t at = 0; at < bodies.size(); ++at) {
        const auto request = enumeration.next();
        REQUIRE(request);
        enumeration.take(envelope(actions[at], id_of(request->text), bodies[at]));
    }
    CHECK_FALSE(enumeration.next());
    auto found = std::move(enumeration).result();
    REQUIRE_MESSAGE(found, found.error().text);
    return *found;
}

std::string reference(const std::string& name, const std::string& of, const std::string& id) {
    return "<p:" + name +
           " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
           "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><a:Address>" +
           anonymous + "</a:Address><a:ReferenceParameters><w:ResourceURI>" + v2 + of +
           "</w:ResourceURI><w:SelectorSet><w:Selector Name=\"InstanceID\">" + id +
           "</w:Selector></w:SelectorSet></a:ReferenceParameters></p:" + name + ">";
}

}  // namespace

TEST_CASE("recorded: one object in each answer, the first answer has none") {
    const auto pulled = [](const std::string& context, const std::string& item, const std::string& end) {
        const std::string next = context.empty() ? "" : "<n:EnumerationContext>" + context + "</n:EnumerationContext>";
        return "<n:PullResponse>" + next + "<n:Items>" + object("Msvm_ComputerSystem", item) + "</n:Items>" + end +
               "</n:PullResponse>";
    };
    const auto found =
        lead(Enumeration("http://h:5985/wsman", v2 + "Msvm_ComputerSystem", {}),
             {"EnumerateResponse", "PullResponse", "PullResponse"},
             {"<n:EnumerateResponse><n:EnumerationContext>uuid:1</n:EnumerationContext></n:EnumerateResponse>",
              pulled("uuid:2", host, ""), pulled("", machine, "<n:EndOfSequence/>")});
    REQUIRE(found.size() == 2);
    CHECK(found[0].class_name == "Msvm_ComputerSystem");
    CHECK(found[0].text("Caption") == "Hostcomputersystem für die Küste");
    CHECK(found[0].text("Name") == "WEST-7");
    CHECK(found[0].has("InstallDate"));
    CHECK_FALSE(found[0].datetime("InstallDate").value().has_value());
    CHECK(found[0].list("OperationalStatus") == std::vector<std::string>{"2"});
    CHECK(found[1].text("ElementName") == "pilot cutter");
    CHECK(found[1].integer("EnabledState").value() == 2);
    CHECK(found[1].datetime("InstallDate").value().has_value());
    CHECK(found[1].datetime("LastReplicationTime").value().has_value());
}

TEST_CASE("recorded: references inside an association") {
    const std::string link = reference("AffectedElement", "Msvm_VirtualSystemSettingData", "Microsoft:7C1E") +
                             reference("AffectingElement", "Msvm_ConcreteJob", "0B5E") +
                             "<p:ElementEffects>5</p:ElementEffects>";
    const auto found = lead(
        Enumeration("http://h:5985/wsman", v2 + "Msvm_AffectedJobElement", {}), {"EnumerateResponse", "PullResponse"},
        {"<n:EnumerateResponse><n:EnumerationContext>uuid:1</n:EnumerationContext></n:EnumerateResponse>",
         "<n:PullResponse><n:Items>" + object("Msvm_AffectedJobElement", link) +
             "</n:Items><n:EndOfSequence/></n:PullResponse>"});
    REQUIRE(found.size() == 1);
    const cim::Reference* job = found[0].reference("AffectingElement");
    REQUIRE(job != nullptr);
    CHECK(cim::class_of(job->resource) == "Msvm_ConcreteJob");
    REQUIRE(job->selectors.size() == 1);
    CHECK(job->selectors[0].name == "InstanceID");
    CHECK(job->selectors[0].value == "0B5E");
    CHECK(found[0].list("ElementEffects") == std::vector<std::string>{"5"});
}

}  // namespace fairway::wmi::recorded_shapes_test
