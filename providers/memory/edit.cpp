// See edit.hpp.
#include "providers/memory/edit.hpp"

#include <fmt/format.h>

#include "engine/model/setting.hpp"
#include "engine/model/trial_vms.hpp"
#include "providers/memory/physics.hpp"

namespace fairway::memory {
namespace {

bool is_about(const Fault& fault, Fault::On on, const Address& address) {
    return fault.on == on && fault.object == address.object && (!fault.setting || fault.setting == address.setting) &&
           (!fault.kind || *fault.kind == address.kind());
}

// Uses up the first write fault that strikes now.
std::optional<Fault::Effect> strike(World& world, const Address& address) {
    for (Fault& fault : world.faults) {
        if (!is_about(fault, Fault::On::write, address)) continue;
        if (fault.skip > 0) {
            --fault.skip;
            continue;
        }
        if (fault.times == 0) continue;
        --fault.times;
        return fault.effect;
    }
    return std::nullopt;
}

void die(World& world, const Address& address) {
    for (const Fault::On on : {Fault::On::read, Fault::On::write})
        world.faults.push_back({.on = on,
                                .effect = Fault::Effect::unreachable,
                                .object = address.object,
                                .times = 1'000'000,
                                .kind = address.kind()});
}

Error error_of(Fault::Effect effect, const Address& address) {
    if (effect == Fault::Effect::denied)
        return {Code::denied, fmt::format("{} refuses: access denied (planted)", address.object)};
    if (effect == Fault::Effect::complaint)
        return {Code::refused, fmt::format("{}: the job ended in an exception (planted)", address.object)};
    return {Code::unreachable, fmt::format("{} does not answer (planted)", address.object)};
}

// The value after the swap, or what stands in the way of it.
Result<Value> swapped(const Setting& row, const Value& held, const Value& before, const Value& after) {
    const Set* set = as_set(held);
    if (!set) {
        if (held != before) return fail(Code::stale, "it is no longer what it was");
        return after;
    }
    const Set comes = subtract(row.key, *as_set(after), *as_set(before));
    const Set goes = subtract(row.key, *as_set(before), *as_set(after));
    if (!intersect(row.key, *set, comes).empty()) return fail(Code::stale, "a value to add is there already");
    if (!covers(row.key, *set, goes)) return fail(Code::stale, "a value to remove is gone already");
    return Value(unite(row.key, subtract(row.key, *set, goes), comes));
}

// A write of several requests that is cut after the additions.
Value first_half(const Setting& row, const Value& held, const Value& wanted) {
    const Set* set = as_set(held);
    return set ? Value(unite(row.key, *set, *as_set(wanted))) : held;
}

}  // namespace

Reading read_from(const World& world, const Address& address) {
    for (const Fault& fault : world.faults)
        if (is_about(fault, Fault::On::read, address)) return tl::unexpected(error_of(fault.effect, address));
    if (address.setting->worked_out)
        return fail(Code::unsupported, fmt::format("{} is worked out, not read", address.setting->name));
    if (!world.has(address.kind(), address.object))
        return fail(Code::not_found,
                    fmt::format("there is no {} {} in the embedded estate", name(address.kind()), address.object));
    const auto it = world.values.find(address);
    if (it != world.values.end()) return Held(it->second);
    return address.setting->type == Type::set ? Held(Set()) : Held();
}

Right right_at(const World& world, const Address& address) {
    for (const Reserve& one : world.rights) {
        const bool about = one.setting ? one.setting == address.setting : row_of(address.kind()).tells_rights;
        if (one.object != address.object || !about) continue;
        switch (one.may) {
            case May::yes: break;
            case May::by_default:
                return {one.may, "if it has a privilege, as administrators have by default (planted)"};
            case May::no: return {one.may, "grant the right to write it (planted)"};
            case May::unknown: return {one.may, "nobody tells (planted)"};
        }
    }
    return {May::yes, {}};
}

Result<void> write_to(World& world, const Address& address, const Value& before, const Value& after) {
    if (!world.has(address.kind(), address.object))
        return fail(Code::not_found, fmt::format("there is no {} {}", name(address.kind()), address.object));
    if (right_at(world, address).may == May::no) return tl::unexpected(error_of(Fault::Effect::denied, address));
    const std::optional<Fault::Effect> effect = strike(world, address);
    if (effect == Fault::Effect::ignored) return {};
    if (effect == Fault::Effect::unreachable || effect == Fault::Effect::denied)
        return tl::unexpected(error_of(*effect, address));
    const Setting& row = *address.setting;
    const auto it = world.values.find(address);
    if (it == world.values.end() && row.type != Type::set)
        return fail(Code::unsupported, fmt::format("{} has no {}", address.object, row.name));
    const Value held = it == world.values.end() ? Value(Set()) : it->second;
    const Result<Value> wanted = swapped(row, held, before, after);
    if (!wanted)
        return fail(wanted.error().code, fmt::format("{} of {}: {}", row.name, address.object, wanted.error().text));
    const bool made = &row == &setting::verify_trial_vms;
    const Set came = made ? subtract(row.key, *as_set(*wanted), *as_set(held)) : Set();
    if (auto room = room_for(world, address.object, came); !room) return room;
    const bool torn = effect == Fault::Effect::torn && row.atomic == Atomic::no;
    world.values.insert_or_assign(address, torn ? first_half(row, held, *wanted) : *wanted);
    if (address.kind() == Kind::host) settle_listeners(world, address.object);
    if (made) settle_trial_vms(world, address.object, came, subtract(row.key, *as_set(held), *as_set(*wanted)));
    if (effect == Fault::Effect::dies) die(world, address);
    else if (effect) return tl::unexpected(error_of(*effect, address));
    return {};
}

}  // namespace fairway::memory
