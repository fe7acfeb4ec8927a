// What a refusal is turned into: the code that says what the caller does next, and words of advice.
#include "providers/ldap/wire/result.hpp"

#include <array>
#include <doctest/doctest.h>

namespace fairway::ldap::result_test {

TEST_CASE("result codes and diagnostics become errors with advice") {
    struct Row {
        Doing doing;
        int number;
        const char* diagnostic;
        Code code;
        const char* says;
    };
    const std::array rows = {
        Row{Doing::signing_on, 49,
            "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v3839", Code::denied,
            "wrong user name or password"},
        Row{Doing::signing_on, 49,
            "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 775, v3839", Code::denied,
            "locked out"},
        Row{Doing::signing_on, 49,
            "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 533, v1db1", Code::denied,
            "disabled"},
        Row{Doing::signing_on, 49,
            "80090346: LdapErr: DSID-0C090597, comment: AcceptSecurityContext error, data 80090346, v4f7c",
            Code::denied, "channel bindings"},
        Row{Doing::signing_on, 49, "", Code::denied, "does not accept"},
        Row{Doing::signing_on, 49, "data zzz", Code::denied, "does not accept"},
        Row{Doing::signing_on, 8,
            "00002028: LdapErr: DSID-0C090257, comment: The server requires binds to turn on integrity", Code::denied,
            "demands signing"},
        Row{Doing::writing, 50, "00002098: SecErr: DSID-03150F94, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0",
            Code::denied, "SeEnableDelegationPrivilege"},
        Row{Doing::writing, 50, "", Code::denied, "SeEnableDelegationPrivilege"},
        Row{Doing::writing, 53, "00000522: SecErr: DSID-031A1236", Code::denied, "SeEnableDelegationPrivilege"},
        Row{Doing::reading, 50, "", Code::denied, "right to read"},
        Row{Doing::writing, 16, "00000057: LdapErr: DSID-0C090D8A", Code::stale, "no longer there"},
        Row{Doing::writing, 20, "00002083: AtrErr: DSID-031519F7", Code::stale, "there already"},
        Row{Doing::writing, 19, "000021C7: AtrErr: DSID-03200E6D, #1:", Code::refused, "another account"},
        Row{Doing::writing, 19, "000021C7: AtrErr: DSID-03200E6D, #1:", Code::refused,
            "`fairway spn` names that account"},
        Row{Doing::writing, 19, "0000202F: samldb: spn[cifs/HV01] would cause a conflict", Code::refused,
            "fairway spn"},
        Row{Doing::writing, 19, "0000202F: samldb: spn[x] invalid with 1 components", Code::refused, "rules forbid"},
        Row{Doing::writing, 11, "", Code::refused, "1300"},
        Row{Doing::writing, 10, "", Code::unsupported, "writable"},
        Row{Doing::writing, 32, "", Code::not_found, "gone"},
        Row{Doing::writing, 51, "", Code::unreachable, "later"},
        Row{Doing::reading, 52, "", Code::unreachable, "later"},
        Row{Doing::writing, 53, "", Code::refused, "unwillingToPerform"},
        Row{Doing::connecting, -1, "", Code::unreachable, "cannot connect to dc01"},
        Row{Doing::connecting, -11, "(unknown error code)", Code::unreachable, "certificate"},
        Row{Doing::reading, -5, "", Code::unreachable, "in time"},
        Row{Doing::reading, 9999, "", Code::protocol, "9999"},
        Row{Doing::signing_on, 49, "Clock skew too great", Code::denied, "does not accept"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.number);
        CAPTURE(row.diagnostic);
        const Error error = explain(row.doing, {row.number, row.diagnostic, "dc01"});
        CHECK(error.code == row.code);
        CHECK_MESSAGE(error.text.find(row.says) != std::string::npos, error.text);
    }
}

TEST_CASE("what was found out besides stands in place of what might be") {
    const Error error = explain(Doing::connecting, {-11, "(unknown error code)", "dc01", "it has expired; renew it"});
    CHECK(error.code == Code::unreachable);
    CHECK(error.text == "cannot connect to dc01: connect error (-11): it has expired; renew it");
}

TEST_CASE("a stranger's text is shown as one short printable line") {
    CHECK(printable("a\r\nb\x1b[31mc\n") == "a??b?[31mc");
    CHECK(printable(std::string(1000, 'x')).size() == 300);
    CHECK(printable(std::string_view("a\0secret", 8)) == "a");
    CHECK(printable("\xc3\xb6") == "??");
}

}  // namespace fairway::ldap::result_test
