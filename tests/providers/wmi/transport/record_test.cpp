// Does a published message keep its form and lose every name, by element and not by list? And no token in a file?
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "providers/wmi/transport/line.hpp"
#include "providers/wmi/transport/record_xml.hpp"
#include "tests/providers/wmi/loopback.hpp"

namespace fairway::wmi::record_test {
namespace {

std::string published(const std::string& text) {
    StandIns names;
    names.know_domain("corp.example");
    names.know_host("HV01", "hv01.corp.example");
    return publishable_xml(text, names);
}

std::string read_all(const std::filesystem::path& folder) {
    std::string out;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        std::ostringstream text;
        text << std::ifstream(file).rdbuf();
        out += file.filename().string() + "\n" + text.str();
    }
    return out;
}

}  // namespace

TEST_CASE("record: texts go by what their element holds") {
    const std::pair<const char*, const char*> rows[] = {
        {"<p:ElementName>PAYROLL-SQL</p:ElementName>", "<p:ElementName>NAME001</p:ElementName>"},
        {"<p:ElementName>4711</p:ElementName>", "<p:ElementName>NAME001</p:ElementName>"},
        {"<p:ElementName>HV01</p:ElementName>", "<p:ElementName>HOST001</p:ElementName>"},
        {"<p:Notes>call Ann &amp; Bob</p:Notes>", "<p:Notes>TEXT001</p:Notes>"},
        {"<p:Caption>Virtueller Computer</p:Caption>", "<p:Caption>TEXT001</p:Caption>"},
        {"<p:HostResource>C:\\VMs\\pay.vhdx</p:HostResource>", "<p:HostResource>PATH001</p:HostResource>"},
        {"<p:ConfigurationDataRoot>D:\\ann</p:ConfigurationDataRoot>",
         "<p:ConfigurationDataRoot>PATH001</p:ConfigurationDataRoot>"},
        {"<p:PrimaryOwnerName>CORP\\ann</p:PrimaryOwnerName>", "<p:PrimaryOwnerName>USER001</p:PrimaryOwnerName>"},
        {"<p:Whatever>secret plans</p:Whatever><p:Whatever>7</p:Whatever>",
         "<p:Whatever>TEXT001</p:Whatever><p:Whatever>7</p:Whatever>"},
        {"<p:EnabledState>2</p:EnabledState>", "<p:EnabledState>2</p:EnabledState>"},
        {"<p:Name>6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01</p:Name>",
         "<p:Name>00000000-0000-4000-8000-000000000001</p:Name>"},
        {"<w:Selector Name=\"Name\">migrationwmi</w:Selector>", "<w:Selector Name=\"Name\">migrationwmi</w:Selector>"},
        {"<w:Selector Name=\"SystemName\">HV01</w:Selector>", "<w:Selector Name=\"SystemName\">HOST001</w:Selector>"},
        {"<w:Selector Name=\"ElementName\">7</w:Selector>", "<w:Selector Name=\"ElementName\">NAME001</w:Selector>"},
        {"<p:InstanceID>Microsoft:HV01</p:InstanceID>", "<p:InstanceID>Microsoft:HOST001</p:InstanceID>"},
        {"<p:InstanceID>Microsoft:6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01\\0\\D</p:InstanceID>",
         "<p:InstanceID>Microsoft:00000000-0000-4000-8000-000000000001\\0\\D</p:InstanceID>"},
        {"<p:Tags>Microsoft:UserManagedAllNetworks</p:Tags>", "<p:Tags>Microsoft:UserManagedAllNetworks</p:Tags>"},
        {"<p:SubnetNumber>10.20.0.0</p:SubnetNumber><p:SubnetNumber>::</p:SubnetNumber>",
         "<p:SubnetNumber>240.12.0.0</p:SubnetNumber><p:SubnetNumber>::</p:SubnetNumber>"},
        {"<w:Filter>ASSOCIATORS OF {X.InstanceID='Microsoft:HV01'}</w:Filter>",
         "<w:Filter>ASSOCIATORS OF {X.InstanceID='Microsoft:HOST001'}</w:Filter>"},
        {"<w:Filter>SELECT * FROM X WHERE ElementName = 'payroll'</w:Filter>",
         "<w:Filter>SELECT * FROM X WHERE ElementName = 'NAME001'</w:Filter>"},
        {"<s:Value>s:Sender</s:Value><p:Value>a secret</p:Value>",
         "<s:Value>s:Sender</s:Value><p:Value>TEXT001</p:Value>"},
        {"<f:WSManFault Code=\"5\" Machine=\"hv01.corp.example\"><f:Message>no VM pay "
         "(0x8009030E)</f:Message></f:WSManFault>",
         "<f:WSManFault Code=\"5\" Machine=\"host001.example.test\"><f:Message>TEXT001 (0x8009030E)</f:Message>"
         "</f:WSManFault>"},
        {"<p:X xsi:nil=\"true\" xmlns:p=\"http://schemas.microsoft.com/a\"/>",
         "<p:X xsi:nil=\"true\" xmlns:p=\"http://schemas.microsoft.com/a\"/>"},
        {"<p:D><cim:Datetime>2024-03-05T06:07:08.1Z</cim:Datetime></p:D>",
         "<p:D><cim:Datetime>2024-03-05T06:07:08.1Z</cim:Datetime></p:D>"},
        {"<p:Y>&lt;INSTANCE CLASSNAME=&quot;S&quot;&gt;&lt;PROPERTY NAME=&quot;ElementName&quot; "
         "TYPE=&quot;string&quot;&gt;&lt;VALUE&gt;12&lt;/VALUE&gt;&lt;/PROPERTY&gt;&lt;/INSTANCE&gt;</p:Y>",
         "<p:Y>&lt;INSTANCE CLASSNAME=&quot;S&quot;&gt;&lt;PROPERTY NAME=&quot;ElementName&quot; "
         "TYPE=&quot;string&quot;&gt;&lt;VALUE&gt;NAME001&lt;/VALUE&gt;&lt;/PROPERTY&gt;&lt;/INSTANCE&gt;</p:Y>"},
        {"<p:Z><![CDATA[<UserData>ann</UserData>]]></p:Z>", "<p:Z>&lt;UserData&gt;USER001&lt;/UserData&gt;</p:Z>"},
        {"<!-- ann was here --><x owner=\"ann\">ann</x>", "<!-- --><x owner=\"USER001\">USER001</x>"},
        {"no XML at all", "TEXT001"},
        {"<p:Notes>ann</p:Notes><cut off here ann", "<p:Notes>TEXT001</p:Notes>(cut)"},
    };
    for (const auto& [text, wanted] : rows) {
        CAPTURE(text);
        CHECK(published(text) == wanted);
    }
}

TEST_CASE("record: a line keeps each exchange, also those of a sign-on that fails, and no token") {
    std::string base = (std::filesystem::temp_directory_path() / "fairway-record.XXXXXX").string();
    REQUIRE(::mkdtemp(base.data()) != nullptr);
    const std::string soap = "Content-Type: application/soap+xml\r\nX-Ours: payroll\r\n";
    const std::string envelope =
        "<s:Envelope><a:Action>http://x/EnumerateResponse</a:Action><p:ElementName>payroll</p:ElementName></"
        "s:Envelope>";
    {
        CannedServer server({http("200 OK", soap, envelope),
                             http("401 Unauthorized", "WWW-Authenticate: Negotiate c2VjcmV0, Kerberos\r\n", ""),
                             http("503 Unavailable", "Server: Microsoft-HTTPAPI/2.0\r\nContent-Type: text/html\r\n",
                                  "<html><h2>Service Unavailable</h2></html>")});
        const auto recording = Recording::open(base + "/kept");
        REQUIRE(recording);
        (*recording)->learn([](StandIns& names) { names.know_host("west", "west.corp.example"); });
        Loop loop;
        Line line(loop, {.endpoint = {"west.corp.example", "127.0.0.1", server.port},
                         .fqdn = "west.corp.example",
                         .credential = *Credential::obtain(HostAuthentication::certificate, {}),
                         .patient = false,
                         .recording = *recording});
        const std::string ask = "<a:Action>http://x/Enumerate</a:Action><end></end>";
        CHECK(loop.run(line.exchange(ask, Repeat::never)));
        CHECK_FALSE(loop.run(line.exchange(ask, Repeat::never)));
        CHECK_FALSE(loop.run(line.exchange(ask, Repeat::never)));
        CHECK((*recording)->kept() == 3);
    }
    const std::string all = read_all(base + "/kept");
    for (const char* there :
         {"0001-HOST001-Enumerate.txt", "POST http://host001.example.test:", "Authorization: (", "cut)",
          "HTTP 200 after", "<p:ElementName>NAME001</p:ElementName>", "X-Ours: (7 characters, cut)", "HTTP 401",
          "WWW-Authenticate: Negotiate (8 characters, cut), Kerberos", "HTTP 503", "Service Unavailable"}) {
        CAPTURE(there);
        CHECK_MESSAGE(all.find(there) != std::string::npos, all);
    }
    for (const char* gone : {"payroll", "c2VjcmV0", "secprofile", "west", "corp.example"})
        CHECK(all.find(gone) == all.npos);
    std::filesystem::remove_all(base);
}

}  // namespace fairway::wmi::record_test
