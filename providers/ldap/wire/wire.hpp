// One signed-on connection to one directory server, and the two things that can be said over it. Who
// only reads holds a ReadWire, which has no word for writing.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/inventory.hpp"
#include "providers/ldap/wire/entry.hpp"
#include "providers/ldap/wire/names.hpp"

namespace fairway::ldap {

enum class Scope { base, subtree };

struct Search {
    std::string base;
    Scope scope = Scope::base;
    Filter filter = Filter::present("objectClass");
    std::vector<std::string> attributes;
    int page_size = 0;     // 0: no paging, where few entries can come; a server pages by searching twice
    bool deleted = false;  // deleted and recycled objects too (MS-ADTS 3.1.1.3.4.1.26)
};

struct Page {
    int question = 0;  // what ask() called it
    bool cut = false;  // without paging: the server holds more entries than it gives at once
    std::vector<Entry> entries;
    std::string cookie;     // empty: that was the last page (RFC 2696)
    std::size_t bytes = 0;  // of its entries, see size_of
};

class ReadWire {
public:
    virtual ~ReadWire() = default;
    // Asks for a page and does not wait for it; the number that next() will call it by.
    virtual Result<int> ask(const Search& search, const std::string& cookie) = 0;
    // The next page that is whole, of whatever was asked: several questions may be under way.
    virtual Result<Page> next() = 0;
    // What is under way is of no interest any more: next() will not give it.
    virtual void abandon() = 0;
    virtual bool lost() const = 0;             // after an Error: only a new connection can answer
    virtual std::size_t requests() const = 0;  // sent so far, signing on apart
};

// The answer to one modify request.
struct Modified {
    int request = 0;  // what send() called it
    Result<void> done;
};

class Wire : public ReadWire {
public:
    // One modify request, all or nothing (MS-ADTS 3.1.1.5.1.4), and never with the permissive control
    // (MS-ADTS 3.1.1.3.4.1.8), under which a missing old value would go unnoticed. Does not wait for its answer; the
    // number that next_modified() will call it by. Nothing may be asked before all are answered.
    virtual Result<int> send(const std::string& dn, std::span<const Modification> modifications) = 0;
    // The next answer, of whichever request. Error: nobody will answer those that are under way.
    virtual Result<Modified> next_modified() = 0;

    Result<void> modify(const std::string& dn, std::span<const Modification> modifications) {
        if (const auto sent = send(dn, modifications); !sent) return tl::unexpected(sent.error());
        auto answer = next_modified();
        if (!answer) return tl::unexpected(answer.error());
        return std::move(answer->done);
    }
};

// Connected, encrypted as the inventory says, and signed on; or why not. Never sends a secret in clear.
Result<std::unique_ptr<ReadWire>> dial_to_read(const Directory& directory, const std::string& server);
Result<std::unique_ptr<Wire>> dial_to_write(const Directory& directory, const std::string& server);

}  // namespace fairway::ldap
