// What the live tests share: where the lab is, somebody else that changes accounts behind the provider's
// back and puts them back afterwards. Run inside tests/lab/lab only, never against a real domain.
#pragma once

#include <cstdlib>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <vector>

#include "engine/model/delegation_settings.hpp"
#include "providers/ldap/accounts/accounts.hpp"
#include "providers/ldap/ldap.hpp"
#include "providers/ldap/wire/wire.hpp"

namespace fairway::ldap {

inline const std::string delegation = "msDS-AllowedToDelegateTo", spn = "servicePrincipalName",
                         uac = "userAccountControl";

inline std::string lab(const char* name) {
    const char* value = std::getenv(name);
    REQUIRE_MESSAGE(value, name << " is not set: run this inside tests/lab/lab");
    return value;
}

inline Result<Account> read_account(ReadWire& wire, const std::string& base, const std::string& host,
                                    std::span<const std::string> attributes) {
    Result<Account> out = fail(Code::not_found, std::string());
    const auto read = read_accounts(wire, base, std::span(&host, 1), attributes,
                                    [&](const std::string&, Result<Account> account) { out = std::move(account); });
    if (!read) return tl::unexpected(read.error());
    return out;
}

// doctest may ask for a message's text when there is no error to tell of.
template <class T>
std::string why(const Result<T>& result) {
    return result ? "" : result.error().text;
}

inline Credentials keytab(const std::string& who) {
    return {Credentials::Form::keytab, lab(("LAB_" + who + "_KEYTAB").c_str()),
            lab(("LAB_" + who).c_str()) + "@" + lab("LAB_REALM")};
}

// For Kerberos: user@REALM.
inline Credentials password_for_ticket(const std::string& who) {
    return {Credentials::Form::password_file, lab(("LAB_" + who + "_PASSWORD_FILE").c_str()),
            lab(("LAB_" + who).c_str()) + "@" + lab("LAB_REALM")};
}

inline Credentials password(const std::string& who) {
    return {Credentials::Form::password_file, lab(("LAB_" + who + "_PASSWORD_FILE").c_str()),
            lab(("LAB_" + who).c_str()) + "@" + lab("LAB_DOMAIN")};
}

inline Inventory inventory() {
    Inventory out;
    out.directories = {
        Directory{lab("LAB_DOMAIN"), {lab("LAB_DC")}, "", 389, Bind::gssapi, Tls::none, "", keytab("OPERATOR")}};
    return out;
}

inline Inventory inventory_simple() {
    Inventory out = inventory();
    out.directories[0].bind = Bind::simple;
    out.directories[0].tls = Tls::ldaps;
    out.directories[0].port = 636;
    out.directories[0].ca = lab("LAB_CA");
    out.directories[0].credentials = password("OPERATOR");
    return out;
}

// Somebody else: a connection of its own, with which a test changes what it likes.
class ThirdHand {
public:
    ThirdHand() {
        auto wire = dial_to_write(inventory().directories[0], lab("LAB_DC"));
        REQUIRE_MESSAGE(wire, why(wire));
        wire_ = std::move(*wire);
    }
    Account account(const std::string& host) {
        const std::vector<std::string> names = {delegation, spn, uac};
        const Result<Account> found = read_account(*wire_, lab("LAB_BASE_DN"), host, names);
        REQUIRE_MESSAGE(found, why(found));
        return *found;
    }
    std::vector<std::string> values(const std::string& host, const std::string& attribute) {
        const Account found = account(host);
        return {found.of(attribute).begin(), found.of(attribute).end()};
    }
    void put(const std::string& host, std::vector<Modification> modifications) {
        put_at(account(host).dn, std::move(modifications));
    }
    void put_at(const std::string& dn, std::vector<Modification> modifications) {
        auto written = wire_->modify(dn, modifications);
        REQUIRE_MESSAGE(written, why(written));
    }
    // Makes the attribute what it should be.
    void set(const std::string& host, const std::string& attribute, const std::vector<std::string>& wanted) {
        const std::vector<std::string> now = values(host, attribute);
        std::vector<Modification> modifications;
        if (!now.empty()) modifications.push_back({Modification::Kind::remove, attribute, now});
        if (!wanted.empty()) modifications.push_back({Modification::Kind::add, attribute, wanted});
        if (!modifications.empty()) put(host, std::move(modifications));
    }
    Wire& wire() { return *wire_; }

private:
    std::unique_ptr<Wire> wire_;
};

// Puts an account back as it was when the test began.
class Restored {
public:
    Restored(ThirdHand& hand, std::string host) : hand_(hand), host_(std::move(host)), before_(hand.account(host_)) {}
    ~Restored() {
        for (const std::string& name : {delegation, spn, uac})
            hand_.set(host_, name, {before_.of(name).begin(), before_.of(name).end()});
    }

private:
    ThirdHand& hand_;
    std::string host_;
    Account before_;
};

inline std::unique_ptr<Reader> reader(const Inventory& from = inventory()) {
    auto opened = open_reader(reach(from));
    REQUIRE_MESSAGE(opened, why(opened));
    return std::move(*opened);
}

inline std::unique_ptr<Writer> writer(const Inventory& from = inventory()) {
    auto opened = open_writer(reach(from));
    REQUIRE_MESSAGE(opened, why(opened));
    return std::move(*opened);
}

inline Held read_one(Reader& from, const Address& address) {
    const Snapshot snapshot = from.read(std::vector{address});
    const Reading& reading = snapshot.at(address);
    REQUIRE_MESSAGE(reading, why(reading));
    return *reading;
}

template <class T>
void refuses(const Result<T>& result, Code code, std::string_view says) {
    REQUIRE_FALSE(result);
    MESSAGE(name(result.error().code) << ": " << result.error().text);
    CHECK(result.error().code == code);
    CHECK_MESSAGE(result.error().text.find(says) != std::string::npos, "should say: " << says);
}

inline Value set_of(std::vector<std::string> elements) { return Set(std::move(elements)); }

inline const Address services{"HV01", &setting::delegation_services};
inline const Address names{"HV01", &setting::spn_migration};
inline const Address transition{"HV01", &setting::delegation_protocol_transition};
inline const Address unconstrained{"HV01", &setting::delegation_unconstrained};

}  // namespace fairway::ldap
