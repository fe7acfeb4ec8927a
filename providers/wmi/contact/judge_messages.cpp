// The judges of messages; see assumptions.hpp. The facts are those of the same rows.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/contact/assumptions.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi {

namespace {

// Of an answer to Enumerate or Pull, the element itself.
const xml::Element* answer_in(const soap::Reply& reply) {
    return reply.body.children.size() == 1 ? &reply.body.children.front() : nullptr;
}

std::string_view namespace_word(const xml::Element& element) {
    if (element.space == space::wsman) return "WS-Management";
    return element.space == space::enumeration ? "WS-Enumeration" : "another namespace";
}

std::string fault_words(const Fault& fault) {
    const std::uint32_t code = fault.causes.empty() ? 0 : fault.causes.back().code;
    return fmt::format("{}, 0x{:08X}", fault.subcode.empty() ? fault.code : fault.subcode, code);
}

// The byte at a place of a token that is shown in hexadecimal digits.
std::string_view byte_at(std::string_view hex, std::size_t place) {
    return hex.size() < 2 * place + 2 ? std::string_view() : hex.substr(2 * place, 2);
}

// Items and EndOfSequence of one answer; empty: as assumed.
std::string misplaced(const soap::Reply& reply, std::string_view wanted, std::string_view where) {
    const xml::Element* answer = answer_in(reply);
    if (answer == nullptr) return {};
    for (const char* part : {"Items", "EndOfSequence"}) {
        const xml::Element* found = answer->child(part);
        if (found != nullptr && !(found->space == wanted))
            return fmt::format("after {}, {} is in the namespace of {}", where, part, namespace_word(*found));
    }
    return {};
}

}  // namespace

std::optional<Judgement> unanswered(const Evidence& seen, Question question) {
    const auto reply = seen.reply(question);
    if (!reply) return untried(reply.error());
    if (!reply->fault) return std::nullopt;
    return reply->fault->subcode == "AccessDenied" ? untried("access denied")
                                                   : refuted("refused with " + fault_words(*reply->fault));
}

namespace judge {

Judgement locale(const Evidence& seen) {
    const auto reply = seen.reply(Special::mandatory_locale);
    if (!reply) return untried(reply.error());
    if (!reply->fault) return refuted("the host answers it like any other question");
    if (reply->fault->subcode == "UnsupportedFeature") return holds("refused with UnsupportedFeature");
    return refuted("refused with " + fault_words(*reply->fault));
}

Judgement batch_namespaces(const Evidence& seen) {
    const auto first = seen.success(Source::migration_setting);
    const auto pulled = seen.success(Special::one_by_one, 1);
    if (!first) return untried(first.error());
    std::string wrong = misplaced(*first, space::wsman, "Enumerate");
    if (wrong.empty() && pulled) wrong = misplaced(*pulled, space::enumeration, "Pull");
    if (!wrong.empty()) return refuted(wrong);
    return pulled ? holds("in both answers") : untried("nothing was left for a Pull");
}

Judgement one_at_a_time(const Evidence& seen) {
    const auto all = seen.instances(Source::machines);
    const auto reply = seen.success(Special::one_by_one, 1);
    if (!all) return untried(all.error());
    if (all->size() < 2) return untried("the host has no VM, so there is one object alone");
    if (!reply) return untried(reply.error());
    const auto batch = soap::read_batch(reply->body);
    if (!batch) return untried(batch.error());
    const auto count = batch->instances.size();
    return count == 1 ? holds("one") : refuted(fmt::format("{} objects of {} came at once", count, all->size()));
}

Judgement release(const Evidence& seen) {
    const auto released = seen.reply(Special::released);
    const auto after = seen.reply(Special::released, 1);
    if (!released) return untried("no enumeration stayed open that could be released");
    if (released->fault) return refuted("Release is refused with " + fault_words(*released->fault));
    if (!after) return untried(after.error());
    return after->fault ? holds("released, and then unknown") : refuted("a released enumeration goes on");
}

Judgement object_and_reference(const Evidence& seen) {
    const auto reply = seen.reply(Special::with_references);
    if (!reply) return untried(reply.error());
    if (reply->fault) return refuted("refused with " + fault_words(*reply->fault));
    const xml::Element* answer = answer_in(*reply);
    const xml::Element* items = answer ? answer->child("Items") : nullptr;
    if (items == nullptr || items->children.empty()) return untried("no object came with the first answer");
    for (const xml::Element& item : items->children) {
        if (!item.is(space::wsman, "Item")) return refuted(fmt::format("Items holds `{}` and no w:Item", item.local));
        if (item.children.size() != 2 || !item.children.back().is(space::addressing, "EndpointReference"))
            return refuted("a w:Item is not an object and then its reference");
    }
    return holds(fmt::format("so for {} objects", items->children.size()));
}

// Of the properties that hold a number or a switch, which an empty text cannot be.
Judgement null_values(const Evidence& seen) {
    std::size_t nil = 0;
    bool any = false;
    const auto empty_one = [&](Source source, std::initializer_list<std::string_view> more) {
        std::vector<std::string_view> properties(more);
        for (const TypeRow& type : types_of(source))
            if (type.type != "string") properties.push_back(type.property);
        for (const cim::Instance& one : seen.instances(source).value_or(Instances{})) {
            any = true;
            for (const cim::Property& property : one.properties) {
                nil += property.null ? 1 : 0;
                const bool typed = std::any_of(properties.begin(), properties.end(),
                                               [&](auto name) { return text::same_folded(name, property.name); });
                if (typed && !property.null && property.values == std::vector<std::string>{""}) return property.name;
            }
        }
        return std::string();
    };
    std::string wrong = empty_one(Source::migration_setting, {});
    if (wrong.empty()) wrong = empty_one(Source::migration_network, {"PrefixLength", "Metric"});
    if (wrong.empty())
        wrong =
            empty_one(Source::migration_service, {"ActiveVirtualSystemMigrationCount", "ActiveStorageMigrationCount"});
    if (!wrong.empty()) return refuted(wrong + " is there with an empty text");
    return any ? holds(fmt::format("{} properties are xsi:nil, none is an empty text", nil))
               : untried("no object of the migration service came");
}

Judgement dates(const Evidence& seen) {
    const auto all = seen.instances(Source::operating_system);
    if (!all) return untried(all.error());
    std::size_t read = 0;
    for (const cim::Instance& system : *all) {
        for (const char* property : {"InstallDate", "LastBootUpTime", "LocalDateTime"}) {
            const auto when = system.datetime(property);
            if (!when) return refuted(fmt::format("{} has a form of its own", property));
            read += *when ? 1 : 0;
        }
    }
    return read > 0 ? holds(fmt::format("{} of Win32_OperatingSystem can be read", read))
                    : untried("Win32_OperatingSystem shows no date");
}

Judgement references(const Evidence& seen) {
    const auto listed = seen.success(Special::with_references);
    const auto batch = listed ? soap::read_batch(listed->body) : tl::unexpected(listed.error());
    if (!batch) return untried(batch.error());
    if (batch->instances.empty()) return untried("no object came with the first answer");
    const cim::Instance& first = batch->instances.front();
    if (!first.self) return refuted("the reference beside an object has no a:ReferenceParameters");
    const auto got = seen.reply(Special::by_reference);
    if (!got) return untried(got.error());
    if (got->fault) return refuted("a Get by that reference is refused with " + fault_words(*got->fault));
    const xml::Element* object = answer_in(*got);
    if (object == nullptr || cim::read_instance(*object).text("Name") != first.text("Name"))
        return refuted("a Get by that reference brings another object");
    return holds("read, and the object is found by it");
}

Judgement fault_statuses(const Evidence& seen) {
    std::size_t faults = 0;
    for (const auto& [question, exchanges] : seen.heard) {
        for (std::size_t i = 0; i < exchanges.size(); ++i) {
            const auto reply = seen.reply(question, i);
            const unsigned status = exchanges[i].status;
            if (!reply) continue;
            faults += reply->fault ? 1 : 0;
            if (reply->fault ? status != 400 && status != 500 : status != 200)
                return refuted(fmt::format("{} came with HTTP {}", reply->fault ? "a fault" : "no fault", status));
        }
    }
    return faults > 0 ? holds(fmt::format("{} faults came so, and nothing else did", faults))
                      : untried("no fault came");
}

Judgement sign_on(const Evidence& seen) {
    const std::string& note = seen.note_of_sign_on;
    if (note.empty()) return untried("nobody signs on with tokens here");
    const auto answer = note.find("\nHTTP ");
    if (answer == note.npos) return untried("the sign-on was not answered");
    const std::string_view said = std::string_view(note).substr(answer + 6);
    if (seen.steps.mechanism != "Kerberos") return untried("another sign-on takes more than one token each way");
    const auto status = text::number<unsigned>(said.substr(0, 3)).value_or(0);
    // Others say something else: who is refused, what is starting, what is not there.
    if (status / 100 != 2 && status != 400 && status != 500) return untried(fmt::format("HTTP {}", status));
    if (status != 200) return refuted(fmt::format("HTTP {}", status));
    if (text::matches("*Connection: close*", said)) return refuted("the connection is not kept");
    return text::matches("*WWW-Authenticate: Kerberos (*", said) ? holds("200 and a token, and the connection is kept")
                                                                 : refuted("200 without a token");
}

// RFC 4121 4.2.6.2: 05 04, flags, FF, EC, RRC.
Judgement sealed_frame(const Evidence& seen) {
    constexpr std::string_view label = "First bytes of the sealed message: ";
    const auto at = seen.note_of_message.rfind(label);
    if (!seen.steps.sealed || at == std::string::npos) return untried("messages are not sealed one by one here");
    std::string_view hex = std::string_view(seen.note_of_message).substr(at + label.size());
    hex = hex.substr(0, hex.find('\n'));
    if (byte_at(hex, 0) != "05" || byte_at(hex, 1) != "04")
        return untried(fmt::format("no token of Kerberos with AES: it begins with {}", hex.substr(0, 8)));
    const std::string ec = std::string(byte_at(hex, 4)).append(byte_at(hex, 5));
    const std::string rrc = std::string(byte_at(hex, 6)).append(byte_at(hex, 7));
    return ec == "0000" && rrc == "001c" ? holds("EC 0, RRC 28") : refuted(fmt::format("EC 0x{}, RRC 0x{}", ec, rrc));
}

Judgement bare_uris(const Evidence& seen) {
    for (const Source source : {Source::migration_setting, Source::operating_system})
        if (auto no = unanswered(seen, source)) return *no;
    return holds("in root/virtualization/v2 and root/cimv2");
}

Judgement columns(const Evidence& seen) {
    const auto reply = seen.success(Special::columns);
    if (!reply) return untried(reply.error());
    const xml::Element* answer = answer_in(*reply);
    const xml::Element* items = answer ? answer->child("Items") : nullptr;
    if (items == nullptr || items->children.empty()) return untried("no adapter came with the first answer");
    for (const xml::Element& item : items->children) {
        if (!item.is(space::wsman, "XmlFragment")) return refuted(fmt::format("it brings `{}`", item.local));
        const auto& columns = item.children;
        if (std::any_of(columns.begin(), columns.end(), [](const auto& one) { return !one.space.empty(); }))
            return refuted("the columns are in a namespace");
        if (!std::is_sorted(columns.begin(), columns.end(),
                            [](const auto& a, const auto& b) { return a.local < b.local; }))
            return refuted("the columns are in the order in which they were asked for");
    }
    return holds(fmt::format("{} fragments", items->children.size()));
}

Judgement unknown_things(const Evidence& seen) {
    struct Wanted {
        Question question;
        std::string_view what;
        std::uint32_t code;
    };
    for (const Wanted& wanted : {Wanted{Special::no_class, "an unknown class", 0x80041010},
                                 Wanted{Special::no_namespace, "an unknown namespace", 0x8004100E}}) {
        const auto reply = seen.reply(wanted.question);
        if (!reply) return untried(reply.error());
        if (!reply->fault) return refuted(fmt::format("{} is taken for an empty one", wanted.what));
        const auto& causes = reply->fault->causes;
        if (causes.empty() || causes.back().code != wanted.code)
            return refuted(fmt::format("{}: {}", wanted.what, fault_words(*reply->fault)));
    }
    return holds("0x80041010 and 0x8004100E");
}

Judgement either(const Evidence& seen) {
    if (auto no = unanswered(seen, Special::either)) return *no;
    const auto found = seen.instances(Special::either);
    return found ? holds(fmt::format("taken; {} disks and drives", found->size())) : untried(found.error());
}

// Of a method's answer.
Judgement only_child(const Evidence& seen) {
    if (auto no = unanswered(seen, Special::method)) return *no;
    const auto reply = seen.success(Special::method);
    const xml::Element* answer = reply ? answer_in(*reply) : nullptr;
    if (answer == nullptr) return refuted("the Body of the answer does not hold one element");
    return answer->child("ReturnValue") != nullptr
               ? holds(fmt::format("`{}` alone, with the ReturnValue", answer->local))
               : refuted(fmt::format("`{}` has no ReturnValue", answer->local));
}

Judgement return_value(const Evidence& seen) {
    if (auto no = unanswered(seen, Special::method_in_vain)) return *no;
    const auto reply = seen.success(Special::method_in_vain);
    const xml::Element* answer = reply ? answer_in(*reply) : nullptr;
    if (answer == nullptr) return untried("the Body of the answer does not hold one element");
    const auto value = cim::read_instance(*answer).integer("ReturnValue");
    if (!value || !*value) return refuted("the answer has no ReturnValue");
    if (**value == 0) return refuted("ReturnValue is 0, and nothing of that name is there");
    return holds(fmt::format("no fault, and ReturnValue {}", **value));
}

Judgement http_dates(const Evidence& seen) {
    std::size_t count = 0;
    for (const auto& [question, exchanges] : seen.heard) {
        for (const Heard& one : exchanges) {
            if (one.status == 0) continue;
            if (!one.date) return refuted(fmt::format("an answer with HTTP {} has no Date", one.status));
            ++count;
        }
    }
    const auto stranger = seen.heard.find(Special::stranger);
    if (stranger == seen.heard.end() || stranger->second.front().status != 401)
        return untried("no 401 came to a request without a sign-on");
    return holds(fmt::format("in {} answers, a 401 among them", count));
}

Judgement long_head(const Evidence& seen) {
    const auto it = seen.heard.find(Special::long_head);
    const unsigned status = it == seen.heard.end() ? 0 : it->second.front().status;
    if (status == 0) return untried("there was no answer");
    return status == 400 ? holds("HTTP 400 to 17 KB of headers")
                         : refuted(fmt::format("HTTP {} to 17 KB of headers", status));
}

Judgement in_the_clear(const Evidence& seen) {
    const auto it = seen.heard.find(Special::in_the_clear);
    if (it == seen.heard.end() || it->second.empty()) return untried("messages are not sealed one by one here");
    const Heard& last = it->second.back();
    if (last.answer) return refuted("the host answers: AllowUnencrypted is true there, or is not needed");
    if (last.status == 400 || last.status == 415 || last.status == 500)
        return holds(fmt::format("HTTP {}", last.status));
    return last.status == 0 ? untried(last.answer.error()) : refuted(fmt::format("HTTP {}", last.status));
}

}  // namespace judge
}  // namespace fairway::wmi
