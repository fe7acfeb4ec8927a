// What Kerberos says is turned into a code and advice; what can be refused without a domain is refused with a reason.
#include "providers/sign_on/gss.hpp"

#include <array>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace fairway::gss_test {

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

TEST_CASE("a ticket cache that cannot be read is told, the caller's own and one by name") {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("fairway-caches-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder / "collection");
    std::filesystem::create_directories(folder / "none");
    const auto write = [&](const char* name, std::string_view bytes) {
        std::ofstream(folder / name, std::ios::binary) << bytes;
    };
    using namespace std::string_view_literals;
    write("empty", "");
    write("text", "garbage\n");
    write("version", "\x05\x03"sv);
    write("head", "\x05\x04\x00\x0c\x00\x01\x00"sv);
    write("owner", "\x05\x04\x00\x00\x00\x00\x00\x01\xff\xff\xff\xff\x00\x00"sv);
    write("collection/primary", "tkt\n");
    write("collection/tkt", "garbage\n");
    const std::string here = folder.string();
    struct Row {
        std::string cache;
        const char* says;
    };
    const Row rows[] = {
        {"FILE:" + here + "/empty", "cannot be read"},
        {"FILE:" + here + "/text", "cannot be read"},
        {"FILE:" + here + "/version", "cannot be read"},
        {"FILE:" + here + "/head", "cannot be read"},
        {"FILE:" + here + "/owner", "cannot be read"},
        {"FILE:" + here, "cannot be read"},
        {"DIR:" + here + "/collection", "cannot be read"},
        {"DIR:" + here + "/none", "kinit"},
        {"DIR:" + here + "/text", "kinit"},
        {"FILE:" + here + "/nobody", "kinit"},
        {"FILE:", "kinit"},
        {"MEMORY:nobody's", "kinit"},
        {"KCM:", "kinit"},
        {"KEYRING:nobody's", "kinit"},
        {"ODD:kind", "cannot be read"},
        {"/dev/null", "cannot be read"},
    };
    const char* before = std::getenv("KRB5CCNAME");
    const std::string kept = before ? before : "";
    for (const Row& row : rows)
        for (const Mechanism mechanism : {Mechanism::krb5, Mechanism::spnego}) {
            CAPTURE(row.cache);
            refuses(login_from_cache(mechanism, row.cache), Code::denied, row.says);
            ::setenv("KRB5CCNAME", row.cache.c_str(), 1);
            for (int again = 0; again < 5; ++again)  // what the library freed was chance
                refuses(login_from_cache(mechanism, "default"), Code::denied, "kinit");
        }
    before ? ::setenv("KRB5CCNAME", kept.c_str(), 1) : ::unsetenv("KRB5CCNAME");
    std::filesystem::remove_all(folder);
}

TEST_CASE("a keytab that others may read is not used, however it is named") {
    const std::string path =
        (std::filesystem::temp_directory_path() / ("fairway-keytab-" + std::to_string(::getpid()))).string();
    std::ofstream(path, std::ios::binary) << "\x05\x02";
    for (const mode_t mode : {0640, 0604, 0660, 0601}) {
        REQUIRE(::chmod(path.c_str(), mode) == 0);
        for (const std::string& keytab : {path, "FILE:" + path, "WRFILE:" + path})
            refuses(login_from_keytab(Mechanism::krb5, keytab, "x@CORP.EXAMPLE"), Code::bad_input, "chmod 600");
    }
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    refuses(login_from_keytab(Mechanism::krb5, path, "x@CORP.EXAMPLE"), Code::bad_input, "no key for that principal");
    std::filesystem::remove(path);
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

}  // namespace fairway::gss_test
