// What Kerberos says is turned into a code and advice; what can be refused without a domain is refused with a reason.
#include "engine/base/gss.hpp"

#include <array>
#include <doctest/doctest.h>

using namespace fairway;
using gss::Mechanism;

namespace {

template <class T>
void refuses(const Result<T>& result, Code code, std::string_view says) {
    REQUIRE_FALSE(result);
    CHECK(name(result.error().code) == name(code));
    CHECK_MESSAGE(result.error().text.find(says) != std::string::npos, result.error().text);
}

}  // namespace

TEST_CASE("Kerberos' words become advice") {
    struct Row {
        const char* words;
        Code code;
        const char* says;
    };
    const std::array rows = {
        Row{"No Kerberos credentials available (default cache: FILE:/nowhere)", Code::denied, "kinit"},
        Row{"Ticket expired", Code::denied, "kinit"},
        Row{"Clock skew too great", Code::denied, "clock"},
        Row{"Client 'x@CORP.EXAMPLE' not found in Kerberos database", Code::denied, "principal"},
        Row{"Client not found in Kerberos database", Code::denied, "principal"},
        Row{"Server not found in Kerberos database", Code::denied, "full DNS name"},
        Row{"Server not found in Kerberos database", Code::denied, "several accounts hold its name"},
        Row{"Server HTTP/hv99@CORP.EXAMPLE not found in Kerberos database", Code::denied, "full DNS name"},
        Row{"Client's credentials have been revoked", Code::denied, "disabled"},
        Row{"Principal has multiple entries in Kerberos database", Code::denied, "setspn -Q"},
        Row{"Cannot find KDC for realm \"corp.example\"", Code::unreachable, "is CORP.EXAMPLE meant?"},
        Row{"Message stream modified", Code::denied, "`fairway spn`"},
        Row{"Wrong principal in request", Code::denied, "`fairway spn`"},
        Row{"Wrong principal in request", Code::denied, "another one than its name says"},
        Row{"KDC reply did not match expectations", Code::bad_input, "upper case"},
        Row{"Realm not local to KDC", Code::bad_input, "does not serve that realm"},
        Row{"Ticket not yet valid", Code::denied, "set the clock"},
        Row{"Key table file '/x' not found", Code::bad_input, "keytab"},
        Row{"Preauthentication failed", Code::denied, "new one"},
        Row{"Cannot contact any KDC for realm 'CORP.EXAMPLE'", Code::unreachable, "port 88"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.words);
        const auto error = gss::meaning(row.words);
        REQUIRE(error);
        CHECK(name(error->code) == name(row.code));
        CHECK_MESSAGE(error->text.find(row.says) != std::string::npos, error->text);
    }
    CHECK_FALSE(gss::meaning("Something else"));
}

TEST_CASE("without a ticket, a key or a password there is no login") {
    for (const Mechanism mechanism : {Mechanism::krb5, Mechanism::spnego}) {
        refuses(login_from_cache(mechanism, "FILE:/nonexistent/cache"), Code::denied, "kinit");
        refuses(login_from_keytab(mechanism, "/nonexistent/keytab", "x@CORP.EXAMPLE"), Code::bad_input, "klist -k");
        refuses(login_from_keytab(mechanism, "/nonexistent/keytab", ""), Code::bad_input, "user@REALM");
        refuses(login_from_keytab(mechanism, "/nonexistent/keytab", "x@A@B"), Code::bad_input, "no Kerberos principal");
        refuses(login_with_password(mechanism, "x@A@B", "secret"), Code::bad_input, "no Kerberos principal");
    }
}
