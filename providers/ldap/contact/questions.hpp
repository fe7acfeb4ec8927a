// What is asked of a domain controller on first contact, and what was heard? Only reads, over the connection that the
// rest of the program uses, some without a sign-on, and one of the KDC. Whoever judges gets the entries.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/recording.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/sight.hpp"
#include "providers/ldap/controller/controllers.hpp"
#include "providers/ldap/wire/entry.hpp"

namespace fairway::ldap {

enum class Subject {
    root,
    root_of_strangers,  // without a sign-on
    ping,               // without a sign-on
    account_by_name,    // of one host
    account,            // the same by its distinguished name
    secret,             // of it, what nobody may read
    other_case,         // the same, if it has a name that is its own in other letters
    first_slice,        // of its names
    other_slices,
    stamps_as_xml,  // of it
    schema,         // of the attributes that matter
    controllers,    // their accounts
    servers,        // in the configuration
    server_settings,
    forest_settings,
    partitions,
    deleted_container,
    deleted,   // one of what is in it
    catalogue  // the account, in the global catalogue
};

struct Answered {
    Result<std::vector<Entry>> entries;
    std::vector<std::size_t> exchanges;  // their numbers in the record
};

struct Heard {
    std::string domain, host, host_dns;  // whose account is looked at
    std::map<Subject, Answered> answers;
    std::optional<Result<TicketSeen>> ticket;  // for the controller; nothing: no KDC is asked here

    // Error: it was not asked, or was not answered.
    Result<std::vector<Entry>> entries(Subject subject) const;
    // The only one. Code::not_found: there is none, or several.
    Result<Entry> one(Subject subject) const;
};

// What needs no sign-on, at the first of the domain's servers.
void ask_as_stranger(const Directory& directory, const std::string& server, const SharedRecording& recording,
                     Heard& out);
// Everything else.
void ask_everything(Controllers::Opened<ReadWire>& domain, const Directory& directory, const SharedRecording& recording,
                    Heard& out);

}  // namespace fairway::ldap
