// How service principal names are written, and what is odd about some.
#include "engine/model/name_form.hpp"

#include <doctest/doctest.h>

#include "engine/base/text.hpp"

namespace fairway::name_form_test {

TEST_CASE("a service principal name has its parts") {
    struct Row {
        std::string_view name, service_class, host, port, service;
    };
    const Row rows[] = {
        {"cifs/HV01", "cifs", "HV01", "", ""},
        {"Microsoft Virtual System Migration Service/hv01.corp.example", "Microsoft Virtual System Migration Service",
         "hv01.corp.example", "", ""},
        {"MSSQLSvc/sql01.corp.example:1433", "MSSQLSvc", "sql01.corp.example", "1433", ""},
        {"MSSQLSvc/sql01:PAYROLL", "MSSQLSvc", "sql01", "PAYROLL", ""},
        {"ldap/dc01.corp.example:389/corp.example", "ldap", "dc01.corp.example", "389", "corp.example"},
        {"HTTP/[fd00::1]:80", "HTTP", "[fd00::1]", "80", ""},
        {"a/b/c/d", "a", "b", "", "c/d"},
        {"nothing", "", "", "", ""},
        {"/", "", "", "", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const NameParts parts = parts_of(row.name);
        CHECK(parts.service_class == row.service_class);
        CHECK(parts.host == row.host);
        CHECK(parts.port == row.port);
        CHECK(parts.service == row.service);
    }
}

TEST_CASE("names that forests are full of are well written") {
    for (const char* name :
         {"HOST/HV01", "Hyper-V Replica Service/hv01.corp.example", "MSSQLSvc/sql01:PAYROLL_2", "MSSQLSvc/sql01:1433",
          "GC/dc01.corp.example/corp.example", "ldap/dc01.corp.example/DomainDnsZones.corp.example", "kadmin/changepw",
          "E3514235-4B06-11D1-AB04-00C04FC2DCD2/6f7c1a0e-5b1c-4f3e-9a43-2b2b4a9c1e11/corp.example",
          "ldap/6f7c1a0e-5b1c-4f3e-9a43-2b2b4a9c1e11._msdcs.corp.example", "HTTP/[fd00::1]", "HTTP/my_site",
          "Dfsr-12F9A27C-BF97-4787-9364-D31B6C55EB04/dc01.corp.example", "cifs/10.0.0.1", "ldap/dc01:65535"}) {
        CAPTURE(name);
        CHECK_MESSAGE(oddities_of(name).empty(), text::join(oddities_of(name), "; "));
    }
}

TEST_CASE("a name that is plainly written is never odd") {
    const char* const plain[] = {"HOST/HV01", "Microsoft Virtual System Migration Service/hv01.corp.example",
                                 "a-b_c.d/x"};
    for (const char* name : plain) {
        CAPTURE(name);
        CHECK(is_plainly_written(name));
        CHECK(oddities_of(name).empty());
    }
    for (const char* name :
         {"", "HV01", "/HV01", "cifs/", "cifs/.HV01", "cifs/HV01.", "cifs/a..b", "cifs/HV01/x", " cifs/HV01",
          "cifs /HV01", "cifs/HV 01", "a  b/HV01", "cifs/HV01:1", "cifs\\HV01", "cifs/HV\u200b01", "c%20/H"}) {
        CAPTURE(name);
        CHECK_FALSE(is_plainly_written(name));
    }
}

TEST_CASE("what no client asks for is told in words") {
    struct Row {
        std::string_view name, says;
    };
    const Row rows[] = {
        {"", "empty"},
        {"cifs", "no service class"},
        {"/HV01", "service class is empty"},
        {"cifs/", "host is empty"},
        {" cifs/HV01", "begins or ends with a blank"},
        {"cifs/HV01 ", "begins or ends with a blank"},
        {"cifs /HV01", "blank beside a `/`"},
        {"cifs/ HV01", "blank beside a `/`"},
        {"cifs/HV01 :80", "blank beside a `:`"},
        {"Microsoft  Virtual/HV01", "two blanks"},
        {"cifs/HV 01", "its host holds ` `"},
        {"cifs\\HV01", "backslash"},
        {"cifs/CORP\\HV01", "backslash"},
        {"Microsoft%20Virtual%20System/HV01", "the escape %20"},
        {"cifs/HV01\t", "U+0009, a control character"},
        {std::string_view("cifs/HV01\0", 10), "U+0000"},
        {"cifs/HV01\x7f", "U+007F, a control character"},
        {"Microsoft\xc2\xa0Virtual/HV01", "U+00A0, a no-break space"},
        {"cifs/HV\xe2\x80\x93"
         "01",
         "U+2013, a dash"},
        {"cifs\xef\xbc\x8fHV01", "U+FF0F, a slash"},
        {"cifs/\xe2\x80\x8bHV01", "U+200B, a space of no width"},
        {"cifs/h\xc3\xb6st", "U+00F6, beyond ASCII"},
        {"cifs/\xff", "no UTF-8"},
        {"cifs/HV01$", "its host holds `$`"},
        {"cifs/HV01,HV02", "its host holds `,`"},
        {"cifs/hv01.corp.example.", "dot"},
        {"cifs/hv01..corp", "dot"},
        {"ldap/dc01:70000", "no port"},
        {"ldap/dc01:99999999999999", "no port"},
        {"ldap/dc01:", "the colon"},
        {"ldap/dc01:3 8", "neither a port"},
        {"ldap/dc01/", "follows the second"},
        {"a/b/c/d", "4 parts"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const std::string said = text::join(oddities_of(row.name), "; ");
        CHECK_MESSAGE(said.find(row.says) != std::string::npos, said);
        CHECK(text::is_clean_utf8(said));
    }
}

}  // namespace fairway::name_form_test
