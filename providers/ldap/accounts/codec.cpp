// See codec.hpp. Facts: LDAP-1 to LDAP-3.
#include "providers/ldap/accounts/codec.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "providers/ldap/identity/admission.hpp"
#include "providers/ldap/identity/flags.hpp"
#include "providers/ldap/identity/sid.hpp"

namespace fairway::ldap {
namespace {

constexpr std::string_view uac = "userAccountControl";
constexpr std::string_view migration_class = "Microsoft Virtual System Migration Service";

const std::array codec_table = {
    Row{&setting::delegation_services, "msDS-AllowedToDelegateTo", Form::set, Guard::privilege},
    Row{&setting::delegation_protocol_transition, uac, Form::bit, Guard::privilege, trusted_to_auth_for_delegation},
    Row{&setting::delegation_unconstrained, uac, Form::bit, Guard::privilege, trusted_for_delegation},
    Row{&setting::delegation_allowed_principals, "msDS-AllowedToActOnBehalfOfOtherIdentity", Form::acting, Guard::none},
    Row{&setting::spn_migration, "servicePrincipalName", Form::slice, Guard::validated_write, 0, migration_class},
    Row{&setting::account_dns_name, "dNSHostName", Form::folded, Guard::none},
    Row{&setting::account_flags, uac, Form::flags, Guard::none},
    Row{&setting::account_sid, "objectSid", Form::sid, Guard::none},
};

bool in_slice(const Row& row, std::string_view value) {
    if (row.form != Form::slice) return true;
    const std::string_view name = row.service_class;
    return value.size() > name.size() && value[name.size()] == '/' &&
           text::same_folded(value.substr(0, name.size()), name);
}

// A value goes into plans, journals and terminals: text without control characters, or it is not kept.
Result<void> check(const Row& row, std::string_view value) {
    constexpr std::size_t longest = 4096;
    if (value.empty() || value.size() > longest || !text::is_clean_line(value))
        return fail(Code::protocol,
                    fmt::format("{} holds a value that is no plain text of 1 to {} bytes; it cannot be kept or "
                                "compared faithfully, so look at it with an editor of the directory",
                                row.attribute, longest));
    return {};
}

Result<std::vector<std::string>> elements(const Row& row, std::span<const std::string> values) {
    std::vector<std::string> out;
    if (row.form == Form::set) out.reserve(values.size());
    for (const std::string& value : values) {
        if (!in_slice(row, value)) continue;
        if (auto fine = check(row, value); !fine) return tl::unexpected(fine.error());
        out.push_back(value);
    }
    return out;
}

Result<std::string> single(const Row& row, std::span<const std::string> values) {
    if (values.size() != 1)
        return fail(Code::protocol,
                    fmt::format("{} has {} values where the schema allows one", row.attribute, values.size()));
    if (auto fine = check(row, values[0]); !fine) return tl::unexpected(fine.error());
    return values[0];
}

// Every account has userAccountControl and objectSid; a server that leaves them out says that we may not see them.
tl::unexpected<Error> hidden(const Row& row) {
    return fail(Code::denied,
                fmt::format("{} is not shown to us, though every account has it; grant read access to the "
                            "account's properties",
                            row.attribute));
}

Result<Sid> sid_of(const Row& row, std::span<const std::string> values) {
    if (values.empty()) return hidden(row);
    if (values.size() > 1) return fail(Code::protocol, fmt::format("{} has {} values", row.attribute, values.size()));
    return parse_sid(values[0]);
}

Result<std::uint32_t> flags_of(const Row& row, std::span<const std::string> values) {
    if (values.empty()) return hidden(row);
    const Result<std::string> value = single(row, values);
    if (!value) return tl::unexpected(value.error());
    const auto flags = parse_flags(*value);
    if (!flags) return fail(Code::protocol, fmt::format("{} is no 32-bit integer", row.attribute));
    return *flags;
}

// The values that are spellings of one element: keys are compared without case, as 2.5.5.12 compares. One
// at most in Active Directory; Samba lets several stand side by side.
std::vector<std::string> spellings(std::span<const std::string> values, std::string_view element) {
    std::vector<std::string> out;
    std::copy_if(values.begin(), values.end(), std::back_inserter(out),
                 [&](const std::string& value) { return text::same_folded(value, element); });
    return out;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
    for (const std::string& value : from)
        if (std::find(to.begin(), to.end(), value) == to.end()) to.push_back(value);
}

Result<std::vector<Modification>> encode_set(const Row& row, const Set& before, const Set& after,
                                             std::span<const std::string> current) {
    std::vector<std::string> go, come, vanished, intruding;
    for (const std::string_view element : subtract(Key::whole, before, after)) {
        const std::vector<std::string> there = spellings(current, element);
        if (there.empty()) vanished.emplace_back(element);
        append(go, there);
    }
    Abreast known(Key::whole, before);
    for (const std::string_view element : subtract_exact(after, before)) {
        if (!in_slice(row, element) || !check(row, element))
            return fail(Code::bad_input, fmt::format("`{}` cannot be a value of {}", element, row.setting->name));
        const std::vector<std::string> there = spellings(current, element);
        const bool respelled = known.meets(element);
        if (respelled && there == std::vector{std::string(element)}) continue;
        if (respelled && there.empty()) vanished.emplace_back(element);
        if (!respelled && !there.empty()) intruding.emplace_back(element);
        come.emplace_back(element);
        append(go, there);
    }
    constexpr std::size_t most = 5;
    std::string differs;
    if (!vanished.empty()) differs = fmt::format("no longer there: {}", text::some(vanished, most));
    if (!intruding.empty())
        differs += fmt::format("{}there already: {}", differs.empty() ? "" : "; ", text::some(intruding, most));
    if (!differs.empty())
        return fail(Code::stale, fmt::format("{} was changed by somebody else since it was read ({}); nothing "
                                             "was written",
                                             row.setting->name, differs));
    std::vector<Modification> out;
    const std::string attribute(row.attribute);
    if (!go.empty()) out.push_back({Modification::Kind::remove, attribute, std::move(go)});
    if (!come.empty()) out.push_back({Modification::Kind::add, attribute, std::move(come)});
    return out;
}

Result<std::vector<Modification>> encode_sids(const Row& row, const Set& before, const Set& after,
                                              std::span<const std::string> current) {
    const auto principals = [](const Set& texts) -> Result<std::vector<Principal>> {
        std::vector<Principal> out;
        for (const std::string_view text : texts) {
            Result<Sid> sid = parse_sid_text(text);
            if (!sid) return tl::unexpected(sid.error());
            out.push_back({std::string(text), std::move(*sid)});
        }
        return out;
    };
    const auto go = principals(subtract(Key::whole, before, after)),
               come = principals(subtract(Key::whole, after, before));
    if (!go || !come) return tl::unexpected((go ? come : go).error());
    return encode_admission(row.attribute, *go, *come, current);
}

Result<std::vector<Modification>> encode_bit(const Row& row, bool before, bool after,
                                             std::span<const std::string> current) {
    const Result<std::uint32_t> flags = flags_of(row, current);
    if (!flags) return tl::unexpected(flags.error());
    const bool now = (*flags & row.mask) != 0;
    if (now != before)
        return fail(Code::stale, fmt::format("{} was changed by somebody else since it was read (it is `{}` now); "
                                             "nothing was written",
                                             row.setting->name, row.setting->words[now ? 1 : 0]));
    if (now == after) return std::vector<Modification>{};
    const std::string attribute(row.attribute);
    return std::vector<Modification>{
        {Modification::Kind::remove, attribute, {current[0]}},
        {Modification::Kind::add, attribute, {show_flags(after ? *flags | row.mask : *flags & ~row.mask)}}};
}

}  // namespace

std::span<const Row> rows() { return codec_table; }

const Row* find_row(const Setting* setting) {
    const auto it =
        std::find_if(codec_table.begin(), codec_table.end(), [&](const Row& row) { return row.setting == setting; });
    return it == codec_table.end() ? nullptr : &*it;
}

Result<Held> decode(const Row& row, std::span<const std::string> values) {
    switch (row.form) {
        case Form::set:
        case Form::slice: return elements(row, values).map([](std::vector<std::string> all) { return Held(Set(all)); });
        case Form::acting: return admitted(values).map([](Set sids) { return Held(std::move(sids)); });
        case Form::bit:
            return flags_of(row, values).map([&](std::uint32_t flags) { return Held((flags & row.mask) != 0); });
        case Form::flags: return flags_of(row, values).map([](std::uint32_t flags) { return Held(flag_names(flags)); });
        case Form::folded:
            if (values.empty()) return Held();
            return single(row, values).map([](const std::string& value) { return Held(text::fold(value)); });
        case Form::sid: return sid_of(row, values).map([](const Sid& sid) { return Held(show_sid(sid)); });
    }
    return fail(Code::unsupported, "no such form");
}

Result<std::vector<Modification>> encode(const Row& row, const Value& before, const Value& after,
                                         std::span<const std::string> current) {
    if (row.setting->access == Access::fact)
        return fail(Code::refused, fmt::format("{} is a fact; it is only read", row.setting->name));
    if (row.form == Form::bit) {
        const auto *from = std::get_if<bool>(&before), *to = std::get_if<bool>(&after);
        if (from && to) return encode_bit(row, *from, *to, current);
    } else {
        const auto *from = as_set(before), *to = as_set(after);
        if (from && to && row.form == Form::acting) return encode_sids(row, *from, *to, current);
        if (from && to) return encode_set(row, *from, *to, current);
    }
    return fail(Code::bad_input, fmt::format("{} holds a {}; the change names another type", row.setting->name,
                                             name(row.setting->type)));
}

}  // namespace fairway::ldap
