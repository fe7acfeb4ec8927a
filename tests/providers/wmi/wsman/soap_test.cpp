// Are requests exactly as the standard and Windows want them, and are replies of several servers understood?
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "providers/wmi/events/event_messages.hpp"
#include "providers/wmi/wsman/enumeration.hpp"
#include "providers/wmi/wsman/soap.hpp"
#include "tests/providers/wmi/replies.hpp"

namespace fairway::wmi::soap_test {
namespace {

const std::string uri = soap::resource("root/virtualization/v2", "Msvm_X");
const soap::Heading heading{"http://h:5985/wsman", "uuid:1"};

const char* const open =
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
    "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
    "xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" "
    "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" "
    "xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\" "
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">";

std::string header(const std::string& action, const std::string& selectors = "") {
    return std::string(open) + "<s:Header><a:To>http://h:5985/wsman</a:To><w:ResourceURI s:mustUnderstand=\"true\">" +
           uri +
           "</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand=\"true\">"
           "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>"
           "<a:Action s:mustUnderstand=\"true\">" +
           action +
           "</a:Action><a:MessageID>uuid:1</a:MessageID>"
           "<w:MaxEnvelopeSize s:mustUnderstand=\"true\">512000</w:MaxEnvelopeSize>"
           "<w:OperationTimeout>PT60S</w:OperationTimeout><w:Locale xml:lang=\"en-US\" s:mustUnderstand=\"false\">"
           "</w:Locale><p:DataLocale xml:lang=\"en-US\" s:mustUnderstand=\"false\"></p:DataLocale>" +
           selectors + "</s:Header><s:Body>";
}

const std::string close = "</s:Body></s:Envelope>";

}  // namespace

TEST_CASE("soap: the requests") {
    const std::string keys = "<w:SelectorSet><w:Selector Name=\"Name\">a&amp;b</w:Selector></w:SelectorSet>";
    const cim::Reference target{uri, {{"Name", "a&b"}}};
    CHECK(*soap::get(heading, target) == header("http://schemas.xmlsoap.org/ws/2004/09/transfer/Get", keys) + close);
    const std::string enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/";
    CHECK(*soap::enumerate(heading, uri, {.batch = 7}) ==
          header(enumeration + "Enumerate") +
              "<n:Enumerate><w:OptimizeEnumeration></w:OptimizeEnumeration>"
              "<w:MaxElements>7</w:MaxElements></n:Enumerate>" +
              close);
    CHECK(
        soap::enumerate(heading, uri, {.wql = "SELECT * FROM X WHERE A < 1"})
            ->find("<w:Filter Dialect=\"http://schemas.microsoft.com/wbem/wsman/1/WQL\">SELECT * FROM X WHERE A &lt; 1"
                   "</w:Filter>") != std::string::npos);
    CHECK(*soap::pull(heading, uri, "c<1", {.batch = 7}) ==
          header(enumeration + "Pull") +
              "<n:Pull><n:EnumerationContext>c&lt;1</n:EnumerationContext>"
              "<n:MaxElements>7</n:MaxElements></n:Pull>" +
              close);
    CHECK(*soap::release(heading, uri, "c") ==
          header(enumeration + "Release") + "<n:Release><n:EnumerationContext>c</n:EnumerationContext></n:Release>" +
              close);
}

TEST_CASE("soap: an Invoke with text, array and reference parameters") {
    const cim::Reference target{uri, {{"Name", "n"}}};
    const std::vector<soap::Argument> arguments = {
        {"S", "<INSTANCE A=\"b\"/>"}, {"S", "two"}, {"R", cim::Reference{"http://r", {{"InstanceID", "i"}}}}};
    CHECK(*soap::invoke(heading, target, "Do", arguments) ==
          header(uri + "/Do", "<w:SelectorSet><w:Selector Name=\"Name\">n</w:Selector></w:SelectorSet>") +
              "<m:Do_INPUT xmlns:m=\"" + uri +
              "\"><m:S>&lt;INSTANCE A=&quot;b&quot;/&gt;</m:S><m:S>two</m:S>"
              "<m:R><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address>"
              "<a:ReferenceParameters><w:ResourceURI>http://r</w:ResourceURI><w:SelectorSet>"
              "<w:Selector "
              "Name=\"InstanceID\">i</w:Selector></w:SelectorSet></a:ReferenceParameters></m:R></m:Do_INPUT>" +
              close);
}

TEST_CASE("soap: a text that XML cannot carry is never sent") {
    CHECK_FALSE(soap::get(heading, {uri, {{"Name", std::string("a\x01")}}}).has_value());
    CHECK_FALSE(soap::enumerate(heading, uri, {.wql = std::string("x\0y", 3)}).has_value());
}

TEST_CASE("soap: message ids are UUIDs and differ") {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const std::string id = soap::fresh_id();
        CHECK(id.size() == 41);
        CHECK(id.substr(0, 5) == "uuid:");
        CHECK(id[19] == '4');
        seen.insert(id);
    }
    CHECK(seen.size() == 100);
}

TEST_CASE("soap: replies that are not ours are refused") {
    CHECK(soap::read_reply(reply("uuid:1", "<x/>"), "uuid:1").has_value());
    CHECK(soap::read_reply(reply("UUID:1", "<x/>"), "uuid:1").has_value());
    CHECK_FALSE(soap::read_reply(reply("uuid:2", "<x/>"), "uuid:1").has_value());
    CHECK_FALSE(soap::read_reply(reply("", "<x/>"), "uuid:1").has_value());
    CHECK_FALSE(soap::read_reply("<html/>", "uuid:1").has_value());
    CHECK_FALSE(soap::read_reply("<Envelope><Body/></Envelope>", "uuid:1").has_value());
    CHECK_FALSE(
        soap::read_reply("<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'/>", "uuid:1").has_value());
    // A fault about a request that could not be read cannot name it.
    const auto fault = soap::read_reply(reply("", fault_body("s:Sender", "", "bad", "")), "uuid:1");
    REQUIRE(fault.has_value());
    CHECK(fault->fault.has_value());
    CHECK_FALSE(soap::read_reply(reply("uuid:2", fault_body("s:Sender", "", "bad", "")), "uuid:1").has_value());
}

TEST_CASE("soap: Identify, with OMI's wrong wrapper too") {
    for (const char* space : {"http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd",
                              "http://www.w3.org/2003/05/soap-envelope"}) {
        const auto identity = soap::read_identity(
            std::string("<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:i='") + space +
            "'><s:Header/><s:Body><i:IdentifyResponse><i:ProtocolVersion>v</"
            "i:ProtocolVersion><i:ProductVendor>Microsoft "
            "Corporation</i:ProductVendor><i:ProductVersion>OS: 10.0.20348</i:ProductVersion></i:IdentifyResponse>"
            "</s:Body></s:Envelope>");
        REQUIRE(identity.has_value());
        CHECK(identity->version == "OS: 10.0.20348");
    }
}

TEST_CASE("enumeration: batches, the newest context, the end in either namespace") {
    Enumeration e("http://h", uri, {});
    auto request = e.next();
    REQUIRE(request.has_value());
    CHECK(request->repeat == Repeat::safe);
    e.take(answer(*request, batch("EnumerateResponse", "w", {"<c><A>1</A></c>"}, "ctx1", false)));
    request = e.next();
    REQUIRE(request.has_value());
    CHECK(request->repeat == Repeat::never);
    CHECK(request->text.find("<n:EnumerationContext>ctx1<") != std::string::npos);
    e.take(answer(*request, batch("PullResponse", "n", {"<c><A>2</A></c>", "<c><A>3</A></c>"}, "ctx2", false)));
    request = e.next();
    CHECK(request->text.find("<n:EnumerationContext>ctx2<") != std::string::npos);
    e.take(answer(*request, batch("PullResponse", "n", {}, "", true)));
    CHECK_FALSE(e.next().has_value());
    const auto all = std::move(e).result();
    REQUIRE(all.has_value());
    CHECK(all->size() == 3);
    CHECK((*all)[2].text("A") == "3");
}

TEST_CASE("enumeration: too many objects, or none for ever, ends with a Release and an error") {
    for (const bool many : {true, false}) {
        Enumeration e("http://h", uri, {.most = 3});
        int rounds = 0;
        std::string last;
        while (const auto request = e.next()) {
            REQUIRE(++rounds < 50);
            last = request->text;
            const char* kind = rounds == 1 ? "EnumerateResponse" : "PullResponse";
            const std::vector<std::string> objects(many ? 2 : 0, "<c/>");
            e.take(answer(*request, batch(kind, "n", objects, "ctx", false)));
        }
        CHECK(last.find("enumeration/Release") != std::string::npos);
        CHECK_FALSE(std::move(e).result().has_value());
    }
}

TEST_CASE("enumeration: more than 64 MiB, as text or in memory, ends with a Release and an error") {
    const std::string fat = "<c><A>" + std::string(7u << 20, 'x') + "</A></c>";
    std::string thin = "<c>";
    for (int i = 0; i < 150'000; ++i) thin += "<a>1</a>";
    thin += "</c>";
    for (const std::string& object : {fat, thin}) {
        Enumeration e("http://h", uri, {});
        int rounds = 0;
        std::string last;
        while (const auto request = e.next()) {
            REQUIRE(++rounds < 20);
            last = request->text;
            e.take(answer(*request,
                          batch(rounds == 1 ? "EnumerateResponse" : "PullResponse", "n", {object}, "ctx", false)));
        }
        CHECK(last.find("enumeration/Release") != std::string::npos);
        CHECK(e.held() == 0);
        const auto all = std::move(e).result();
        REQUIRE_FALSE(all.has_value());
        CHECK_MESSAGE(all.error().text.find("64 MiB") != std::string::npos, all.error().text);
    }
}

TEST_CASE("enumeration: faults and lost answers end it") {
    Enumeration faulty("http://h", uri, {});
    const auto request = faulty.next();
    faulty.take(
        answer(*request, fault_body("s:Sender", "w:AccessDenied", "no", wsman_fault("5", "Access is denied."))));
    CHECK_FALSE(faulty.next().has_value());
    const auto denied = std::move(faulty).result();
    REQUIRE_FALSE(denied.has_value());
    CHECK(denied.error().code == Code::denied);
    Enumeration lost("http://h", uri, {});
    (void)lost.next();
    lost.take(fail(Code::unreachable, "gone"));
    CHECK_FALSE(lost.next().has_value());
    CHECK(std::move(lost).result().error().code == Code::unreachable);
    Enumeration odd("http://h", uri, {});
    const auto asked = odd.next();
    odd.take(answer(*asked, batch("EnumerateResponse", "w", {}, "", false)));  // neither end nor context
    CHECK_FALSE(odd.next().has_value());
    CHECK(std::move(odd).result().error().code == Code::protocol);
}

TEST_CASE("fault: the deepest cause that we know decides") {
    const std::string provider =
        "<f:WSManFault Code=\"2150859010\" Machine=\"h\"><f:Message><f:ProviderFault provider=\"WMI Provider\" "
        "path=\"x\">"
        "<f:WSManFault Code=\"2147749904\" Machine=\"h\"><f:Message>Invalid class </f:Message></f:WSManFault>"
        "<f:ExtendedError><x:__ExtendedStatus xmlns:x=\"u\"><x:Description/><x:StatusCode xsi:nil=\"true\"/>"
        "</x:__ExtendedStatus></f:ExtendedError></f:ProviderFault></f:Message></f:WSManFault>";
    const struct {
        const char* why;
        std::string body;
        Code code;
        const char* says;
    } rows[] = {
        {"access denied", fault_body("s:Sender", "w:AccessDenied", "no", wsman_fault("5", "Access is denied.")),
         Code::denied, "Access is denied. (code 5)"},
        {"nested class", fault_body("s:Sender", "w:InternalError", "?", provider), Code::not_found, "0x80041010"},
        {"namespace", fault_body("s:Sender", "a:DestinationUnreachable", "?", wsman_fault("2147749902", "")),
         Code::not_found, "no such namespace"},
        {"signed code", fault_body("s:Sender", "", "?", wsman_fault("-2147217392", "x")), Code::not_found,
         "0x80041010"},
        {"quota as InternalError", fault_body("s:Receiver", "w:InternalError", "?", wsman_fault("2150859174", "busy")),
         Code::unreachable, "too many operations"},
        {"timed out", fault_body("s:Receiver", "w:TimedOut", "?", wsman_fault("2150858793", "slow")), Code::unreachable,
         "unknown"},
        {"schema", fault_body("s:Sender", "w:SchemaValidationError", "?", wsman_fault("2150858817", "")),
         Code::protocol, "schema"},
        {"subcode only, odd prefix", fault_body("s:Sender", "zz:InvalidSelectors", "gone", ""), Code::not_found,
         "gone"},
        {"WMI's own error",
         fault_body("s:Sender", "w:InternalError", "?",
                    "<q:MSFT_WmiError xmlns:q=\"u\"><q:CIMStatusCode>6</q:CIMStatusCode>"
                    "<q:error_Code>2147749890</q:error_Code><q:Message>Not found </q:Message></q:MSFT_WmiError>"),
         Code::not_found, "Not found (0x80041002)"},
        {"OMI",
         fault_body("s:Receiver", "w:InternalError", "?",
                    "<q:OMI_Error xmlns:q=\"u\"><q:CIMStatusCode>2"
                    "</q:CIMStatusCode><q:MessageID>OMI:MI_Result:2</q:MessageID></q:OMI_Error>"),
         Code::denied, "denies"},
        {"nothing known", fault_body("s:Receiver", "", "the\n moon ", ""), Code::protocol, "the moon"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        const auto read = soap::read_reply(reply("uuid:1", row.body), "uuid:1");
        REQUIRE(read.has_value());
        REQUIRE(read->fault.has_value());
        const Error error = explain(*read->fault);
        CAPTURE(error.text);
        CHECK(name(error.code) == name(row.code));
        CHECK(error.text.find(row.says) != std::string::npos);
    }
}

TEST_CASE("soap: items are objects, objects with references, references, or columns") {
    const std::string self =
        "<a:EndpointReference><a:Address>x</a:Address><a:ReferenceParameters><w:ResourceURI>http://r/Msvm_X</"
        "w:ResourceURI>"
        "<w:SelectorSet><w:Selector Name='InstanceID'>7</w:Selector></w:SelectorSet></a:ReferenceParameters>"
        "</a:EndpointReference>";
    const std::string object = "<p:Msvm_X xmlns:p='u'><p:A>1</p:A></p:Msvm_X>";
    const auto read = soap::read_reply(
        reply("uuid:1",
              batch("PullResponse", "n",
                    {object, "<w:Item>" + object + self + "</w:Item>", self,
                     "<w:XmlFragment><Name>n</Name><Tags>a</Tags><Tags>b</Tags><Gone xsi:nil='true'/></w:XmlFragment>"},
                    "", true)),
        "uuid:1");
    REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().text));
    const auto items = soap::read_batch(read->body);
    REQUIRE(items.has_value());
    REQUIRE(items->instances.size() == 4);
    const auto& all = items->instances;
    CHECK(all[0].class_name == "Msvm_X");
    CHECK_FALSE(all[0].self.has_value());
    CHECK(all[1].class_name == "Msvm_X");
    CHECK(all[1].text("A") == "1");
    CHECK(all[1].properties.size() == 1);
    for (const int at : {1, 2}) {
        REQUIRE(all[at].self.has_value());
        CHECK(all[at].self->selectors.at(0).value == "7");
    }
    CHECK(all[2].class_name == "Msvm_X");
    CHECK(all[2].properties.empty());
    CHECK(all[3].class_name.empty());
    CHECK(all[3].text("name") == "n");
    CHECK(all[3].list("Tags") == std::vector<std::string>{"a", "b"});
    CHECK_FALSE(all[3].text("Gone").has_value());
}

TEST_CASE("soap: empty bodies are answers that no question expects") {
    const auto read = soap::read_reply(reply("uuid:1", ""), "uuid:1");
    REQUIRE(read.has_value());
    CHECK_FALSE(read->fault.has_value());
    CHECK(soap::read_batch(read->body).error().code == Code::protocol);
    CHECK_FALSE(soap::read_batch(soap::read_reply(reply("uuid:1", "<n:EnumerateResponse/>"), "uuid:1")->body)->last);
    CHECK(soap::read_identity(reply("", "")).error().code == Code::protocol);
    const auto bare = soap::read_reply(reply("uuid:1", "<s:Fault/>"), "uuid:1");
    REQUIRE(bare.has_value());
    REQUIRE(bare->fault.has_value());
    CHECK(explain(*bare->fault).code == Code::protocol);
}

TEST_CASE("fault: unknown classes and namespaces are not_found, whoever says so") {
    const auto nested = [](const std::string& code) {
        return "<f:WSManFault Code=\"2150859002\"><f:Message><f:ProviderFault><f:WSManFault "
               "Code=\"2150859010\"><f:Message>"
               "<f:ProviderFault provider=\"WMI Provider\"><f:WSManFault Code=\"" +
               code + "\"/></f:ProviderFault></f:Message></f:WSManFault></f:ProviderFault></f:Message></f:WSManFault>";
    };
    const auto omi = [](const std::string& inside) { return "<q:OMI_Error xmlns:q='u'>" + inside + "</q:OMI_Error>"; };
    const struct {
        const char* why;
        std::string body;
    } rows[] = {
        {"class, nested twice", fault_body("s:Sender", "w:InternalError", "?", nested("2147749904"))},
        {"namespace, nested twice", fault_body("s:Sender", "w:InternalError", "?", nested("2147749902"))},
        {"namespace, signed", fault_body("s:Sender", "", "?", wsman_fault("-2147217394", "x"))},
        {"resource URI", fault_body("s:Sender", "a:DestinationUnreachable", "?", wsman_fault("2150858752", "x"))},
        {"no detail", fault_body("s:Sender", "wsa:DestinationUnreachable", "The resource cannot be found", "")},
        {"OMI, status of a namespace", fault_body("s:Sender", "", "?", omi("<q:CIMStatusCode>3</q:CIMStatusCode>"))},
        {"OMI, status of a class", fault_body("s:Sender", "", "?", omi("<q:CIMStatusCode>5</q:CIMStatusCode>"))},
        {"OMI, by its own name",
         fault_body("s:Sender", "w:InternalError", "?", omi("<q:MessageID>OMI:MI_Result:3</q:MessageID>"))},
        {"WMI's status", fault_body("s:Sender", "w:InternalError", "?",
                                    "<f:WSManFault Code=\"2150859010\"><f:Message><f:ProviderFault><f:ExtendedError>"
                                    "<x:__ExtendedStatus xmlns:x='u'><x:Description>d</x:Description>"
                                    "<x:StatusCode>2147749904</x:StatusCode></x:__ExtendedStatus></f:ExtendedError>"
                                    "</f:ProviderFault></f:Message></f:WSManFault>")},
    };
    for (const auto& row : rows) {
        CAPTURE(row.why);
        const auto read = soap::read_reply(reply("uuid:1", row.body), "uuid:1");
        REQUIRE(read.has_value());
        REQUIRE(read->fault.has_value());
        const Error error = explain(*read->fault);
        CAPTURE(error.text);
        CHECK(name(error.code) == name(Code::not_found));
    }
}

TEST_CASE("fault: return values and the codes in a job's text") {
    CHECK(explain_return("M", 32769).code == Code::denied);
    CHECK(explain_return("M", 32775).code == Code::unreachable);
    CHECK(explain_return("M", 77).code == Code::protocol);
    const auto what = [](const char* text) { return explain_failure("the move", text, 32768).text; };
    CHECK(what("x (0x8009030E).").find("failed with 0x8009030E") != std::string::npos);
    CHECK(what("0x5 then 0X1 then 0x80070569").find("failed with 0x80070569") != std::string::npos);
    CHECK(what("%%2147943785, 0x00000001").find("failed with 0x80070569") != std::string::npos);
    CHECK(what("0x800705691").find("failed with") == std::string::npos);
    CHECK(what("nothing").find("failed with") == std::string::npos);
    const Error error = explain_failure("Move", "Keine Anmeldeinformationen (0x8009030E).", 32768);
    CHECK(error.code == Code::denied);
    CHECK(error.text.find("0x8009030E") != std::string::npos);
    CHECK(error.text.find("Keine Anmelde") != std::string::npos);
    CHECK(error.text.find("delegation") != std::string::npos);
    CHECK(explain_failure("Move", "", 32774).code == Code::unreachable);
}

}  // namespace fairway::wmi::soap_test
