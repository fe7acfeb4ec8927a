// One connection to one directory server: connected, encrypted and signed on as the inventory says, or the reason why
// not. What is said over it is messages.cpp's.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>

#include "engine/base/error.hpp"
#include "engine/model/inventory.hpp"
#include "providers/ldap/wire/seal.hpp"
#include "providers/ldap/wire/wire.hpp"

struct ldap;
struct ldapmsg;

namespace fairway::ldap {

enum class Doing;

class Session {
public:
    explicit Session(std::string server) : server_(std::move(server)) {}
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    Result<void> open(const Directory& directory);

    // See ReadWire.
    Result<int> ask(const Search& search, const std::string& cookie);
    Result<Page> next();
    void abandon();
    bool lost() const { return lost_; }
    std::size_t requests() const { return requests_; }

protected:
    // cause: what was found out besides, in words; or empty.
    tl::unexpected<Error> refused(Doing doing, int code, const std::string& cause = {});
    // The next message, whatever it answers.
    struct Heard;
    Result<Heard> hear(Doing doing);
    // A result that is no success.
    Error told(Doing doing, int code, const char* said);
    ::ldap* library() { return ld_; }
    void count_request() { ++requests_; }

private:
    Result<void> set_options(const Directory& directory);
    Result<void> encrypt(const Directory& directory);
    Result<void> sign_on_simply(const Directory& directory);
    Result<void> sign_on_with_ticket(const Directory& directory);
    Error not_signed_on(const Error& why, const Directory& directory, bool asked, bool proved);
    Result<void> take_entry(Page& page, ::ldapmsg* message);
    Result<Page> finish(Page page, bool paged, ::ldapmsg* result);

    struct Asked {
        bool paged = false;
        Page page = {};  // as far as it came
    };
    std::string server_;
    ::ldap* ld_ = nullptr;
    std::unique_ptr<Seal> seal_;      // lives as long as the connection that it is on; null: nothing is sealed
    std::map<int, Asked> under_way_;  // by the number of its message
    std::size_t requests_ = 0;
    bool lost_ = false;
};

// A session that may also write. No Session can be made into one.
class WritingSession : public Session {
public:
    using Session::Session;
    // See Wire.
    Result<int> send(const std::string& dn, std::span<const Modification> modifications);
    Result<Modified> next_modified();
};

}  // namespace fairway::ldap
