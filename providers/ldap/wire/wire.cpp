// See wire.hpp. The object behind a ReadWire has no modify: its session lacks it.
#include "providers/ldap/wire/wire.hpp"

#include "providers/ldap/wire/session.hpp"

namespace fairway::ldap {
namespace {

template <class Base, class Kind>
class Connection : public Base {
public:
    explicit Connection(std::string server) : session_(std::move(server)) {}
    Result<void> open(const Directory& directory) { return session_.open(directory); }

    Result<int> ask(const Search& search, const std::string& cookie) final { return session_.ask(search, cookie); }
    Result<Page> next() final { return session_.next(); }
    void abandon() final { session_.abandon(); }
    bool lost() const final { return session_.lost(); }
    std::size_t requests() const final { return session_.requests(); }

protected:
    Kind session_;
};

class WritingConnection final : public Connection<Wire, WritingSession> {
public:
    using Connection::Connection;
    Result<int> send(const std::string& dn, std::span<const Modification> modifications) override {
        return session_.send(dn, modifications);
    }
    Result<Modified> next_modified() override { return session_.next_modified(); }
};

template <class Made, class Handle>
Result<std::unique_ptr<Handle>> dial(const Directory& directory, const std::string& server) {
    auto connection = std::make_unique<Made>(server);
    if (auto open = connection->open(directory); !open) return tl::unexpected(open.error());
    return connection;
}

}  // namespace

Result<std::unique_ptr<ReadWire>> dial_to_read(const Directory& directory, const std::string& server) {
    return dial<Connection<ReadWire, Session>, ReadWire>(directory, server);
}

Result<std::unique_ptr<Wire>> dial_to_write(const Directory& directory, const std::string& server) {
    return dial<WritingConnection, Wire>(directory, server);
}

}  // namespace fairway::ldap
