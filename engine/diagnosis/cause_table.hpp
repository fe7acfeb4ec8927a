// Why do moves fail, and what tells it? Four tables: causes with their fix; codes; events; results of the KDC. Ids of
// causes are for scripts and stay as they are.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fairway {

// How far a code or an event proves its cause. A consequence comes of a fault elsewhere; a frame says only that a move
// failed; of a family one of its members is the cause, and only the estate can tell which.
enum class Proof { consequence, weak, family, strong };
std::string_view name(Proof proof);

struct CauseRow {
    std::string_view id;
    std::string_view says;            // what is wrong, as a clause
    std::string_view fix;             // what to do; a sentence without its full stop
    std::string_view family = {};     // the id of the wider cause that it is one of; empty: none
    std::string_view condition = {};  // the condition of a path that is closed by it (paths/conditions); empty: none
};
std::span<const CauseRow> cause_table();
const CauseRow& cause_row(std::string_view id);  // precondition: it is one of them
// The cause by which a closed condition of a path is known, with a setting that would open it or without; null: none.
const CauseRow* cause_of_condition(std::string_view condition, bool has_fix);

struct CodeCause {
    std::uint32_t code;
    std::string_view symbol;  // its name in Windows' headers
    std::string_view cause;   // empty: it is known by name, and tells no cause of failed moves
    Proof proof{};
    std::string_view source = {};
};
std::span<const CodeCause> code_table();
const CodeCause* find_code(std::uint32_t code);

// What an event is to a move.
enum class Role {
    start,    // a move began
    done,     // a move succeeded
    silent,   // a move failed; what it carries tells no cause
    carries,  // its codes tell the cause
    says,     // it is the cause's own event
    noise     // it is about something else, whatever codes it carries
};

struct EventRow {
    std::string_view provider;  // behind "Microsoft-Windows-"
    std::uint32_t id;
    Role role;
    std::string_view cause = {};  // of Role::says; of Role::carries where it has no code
    std::string_view needs = {};  // counts only where a value of it holds this
    bool at_destination = false;  // whoever logs it is the destination
    std::string_view source = {};
};
std::span<const EventRow> event_table();

// Status of event 4769, by MS-KILE and RFC 4120.
struct KdcRow {
    std::uint32_t status;
    std::string_view symbol;
    std::string_view cause;  // empty: no cause of failed moves
    Proof proof{};
};
std::span<const KdcRow> kdc_table();

}  // namespace fairway
