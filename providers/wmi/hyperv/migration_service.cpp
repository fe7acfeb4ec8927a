// See migration_service.hpp. Facts: WMI-30, WMI-87 to WMI-89.
#include "providers/wmi/hyperv/migration_service.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/log.hpp"
#include "engine/model/host_facts.hpp"

namespace fairway::wmi {
namespace {

constexpr std::chrono::seconds seen_deadline{30};

bool has_key(const Set& set, std::string_view element) {
    const auto wanted = key_of(Key::first_word, element);
    return std::any_of(set.begin(), set.end(),
                       [&](std::string_view e) { return key_of(Key::first_word, e) == wanted; });
}

// Elements of `after` that `before` has with another preference.
Set respelled(const Set& before, const Set& after) {
    Set::Elements out;
    for (const std::string_view element : after)
        if (has_key(before, element) && !before.contains(element)) out.push_back(element);
    return Set::of(std::move(out));
}

auto stale(const Setting& setting, std::string_view holds, std::string_view expected) {
    return fail(Code::stale, fmt::format("{} holds {} now, not {}; somebody else changed it, so nothing was written",
                                         setting.name, holds, expected));
}

// Element by element: what goes or changes must be there as we saw it, what comes must not be there yet.
Result<void> still_as_seen(const Setting& setting, const Set& held, const Set& before, const Set& after) {
    for (const std::string_view element : before)
        if (!after.contains(element) && !held.contains(element)) return stale(setting, show(held), element);
    for (const std::string_view element : after)
        if (!has_key(before, element) && has_key(held, element)) return stale(setting, show(held), show(before));
    return {};
}

// No answer, or none that can be read: no refusal.
bool is_silence(const Error& error) { return error.code == Code::unreachable || error.code == Code::protocol; }

// After an act was accepted, what goes wrong is no refusal of it.
auto unclear(const Error& error) { return fail(Code::unreachable, error.text); }

std::vector<soap::Argument> arguments(const char* name, std::string text) { return {{name, std::move(text)}}; }

}  // namespace

Result<Instances> MigrationService::read(Source source) {
    auto found = client_.enumerate(resource_of(source));
    if (!found) return found;
    return distinct(std::move(*found), source);
}

Result<cim::Instance> MigrationService::read_only(Source source) {
    const auto instances = read(source);
    if (!instances) return tl::unexpected(instances.error());
    const auto instance = only(*instances, source);
    if (!instance) return tl::unexpected(instance.error());
    return **instance;
}

Result<cim::Reference> service_reference(const Instances& services) {
    const auto service = only(services, Source::migration_service);
    if (!service) return tl::unexpected(service.error());
    cim::Reference out{resource_of(Source::migration_service), {}};
    for (const char* key : {"SystemCreationClassName", "SystemName", "CreationClassName", "Name"}) {
        auto value = (*service)->text(key);
        if (!value) return fail(Code::protocol, fmt::format("the host's migration service has no {}", key));
        out.selectors.push_back({key, std::move(*value)});
    }
    return out;
}

Result<Instances> MigrationService::seen_or_read(Source source) {
    if (const Instances* seen = seen_.fresh(source, client_.pace().now())) return *seen;
    return read(source);
}

Result<JobEnd> MigrationService::perform(std::string_view method, std::span<const soap::Argument> arguments,
                                         std::chrono::milliseconds deadline) {
    auto begun = begin(method, arguments, deadline);
    if (!begun) return tl::unexpected(begun.error());
    auto* job = std::get_if<JobInView>(&*begun);
    auto end = job ? client_.wait(std::move(*job)) : Result<JobEnd>(std::get<JobEnd>(std::move(*begun)));
    if (end && end->warned) complain(fmt::format("{} {}", method, end->detail));
    return end;
}

// The keys are the same on every host but for its name (WMI-30), so they need not be asked for. A host that
// knows no service by them has done nothing, and is asked for its own.
Result<Begun> MigrationService::begin(std::string_view method, std::span<const soap::Argument> arguments,
                                      std::chrono::milliseconds deadline) {
    const cim::Reference usual{resource_of(Source::migration_service),
                               {{"SystemCreationClassName", "Msvm_ComputerSystem"},
                                {"SystemName", host_},
                                {"CreationClassName", "Msvm_VirtualSystemMigrationService"},
                                {"Name", "migrationwmi"}}};
    seen_.forget();
    auto begun = client_.begin(seen_.service.value_or(usual), method, arguments, deadline);
    if (begun || begun.error().code != Code::not_found || seen_.service) return begun;
    const auto services = read(Source::migration_service);
    if (!services) return tl::unexpected(services.error());
    auto own = service_reference(*services);
    if (!own) return tl::unexpected(own.error());
    seen_.service = std::move(*own);
    return client_.begin(*seen_.service, method, arguments, deadline);
}

void MigrationService::complain(std::string_view what) {
    if (!complaint_.empty()) complaint_ += "; ";
    complaint_ += what;
}

Result<void> MigrationService::idle_or_harmless(const CodecRow& row, const Value& after) {
    if (!disturbs(*row.setting, after)) return {};
    const auto service = seen_or_read(Source::migration_service);
    if (!service) return tl::unexpected(service.error());
    const auto running = decode(*codec_row(setting::host_running_migrations), *service);
    if (!running) return tl::unexpected(running.error());
    const std::int64_t count = *running ? std::get<std::int64_t>(**running) : 0;
    if (count == 0) return {};
    return fail(Code::refused,
                fmt::format("{} running, and a change of {} could break {}; try again when {} over",
                            count == 1 ? "1 migration is" : fmt::format("{} migrations are", count), row.setting->name,
                            count == 1 ? "it" : "them", count == 1 ? "it is" : "they are"));
}

// The whole instance goes back as it was read, with its InstanceID and the one change (WMI-32).
Result<void> MigrationService::change(const CodecRow& row, const Value& before, const Value& after) {
    const auto read_row = [&]() -> Result<Held> {
        const auto instances = read(row.source);
        return instances ? decode(row, *instances) : Result<Held>(tl::unexpected(instances.error()));
    };
    const auto instances = seen_or_read(row.source);
    if (!instances) return tl::unexpected(instances.error());
    const auto instance = only(*instances, row.source);
    if (!instance) return tl::unexpected(instance.error());
    const auto held = decode(row, *instances);
    if (!held) return tl::unexpected(held.error());
    if (!*held || **held != before) return stale(*row.setting, *held ? show(**held) : "nothing", show(before));
    if (const auto idle = idle_or_harmless(row, after); !idle) return idle;

    const auto text = changed(row, **instance, after).and_then(cim::to_text);
    if (!text) return tl::unexpected(text.error());
    const Modify& modify = class_row(row.source).modify;
    const auto end = perform(modify.method, arguments(modify.argument, *text), setting_deadline);
    if (!end) return tl::unexpected(end.error());
    if (!end->vanished) return {};
    const auto now = read_row();
    if (!now) return unclear(now.error());
    if (*now && **now == after) return {};
    return fail(Code::unsupported, fmt::format("the job {} ended unseen, and {} is {} still", end->id,
                                               row.setting->name, *now ? show(**now) : "nothing"));
}

Result<std::vector<Network>> MigrationService::networks() {
    const auto instances = read(Source::migration_network);
    if (!instances) return tl::unexpected(instances.error());
    return read_networks(*instances);
}

// New ones are added and seen before old ones go: a host with no network at all takes no VM (WMI-39).
Result<void> MigrationService::change_networks(const CodecRow& row, const Set& before, const Set& after) {
    const auto held = seen_or_read(Source::migration_network).and_then(read_networks);
    if (!held) return tl::unexpected(held.error());
    if (const auto same = still_as_seen(*row.setting, elements_of(*held), before, after); !same) return same;
    if (const auto idle = idle_or_harmless(row, after); !idle) return idle;

    const Set fresh = subtract(Key::first_word, after, before);
    const Set gone = subtract(Key::first_word, before, after);
    if (const auto added = add(fresh); !added) return added;
    const Set other_metric = respelled(before, after);
    if (gone.empty() && other_metric.empty()) return {};  // whoever reads back sees what came
    const auto now = fresh.empty() ? held : until_seen(fresh);
    if (!now) return tl::unexpected(now.error());
    if (const auto set = set_metrics(*now, other_metric); !set) return set;
    return remove(*now, gone);
}

Result<std::vector<soap::Argument>> MigrationService::objects_of(const Set& fresh) {
    std::vector<soap::Argument> out;
    for (const std::string_view element : fresh) {
        const auto objects = fresh_networks(element);
        if (!objects) return tl::unexpected(objects.error());
        for (const cim::Instance& object : *objects) {
            auto text = cim::to_text(object);
            if (!text) return tl::unexpected(text.error());
            out.push_back({"NetworkSettings", std::move(*text)});
        }
    }
    return out;
}

// All in one call, so that a lost answer leaves all or none where the host takes them together; where it refuses that,
// one element after the other, and none that is there after all.
Result<void> MigrationService::add(const Set& fresh) {
    if (fresh.empty()) return {};
    const auto objects = objects_of(fresh);
    if (!objects) return tl::unexpected(objects.error());
    const auto together = perform("AddNetworkSettings", *objects, setting_deadline);
    if (together) return {};
    const auto held = is_silence(together.error()) ? tl::unexpected(together.error()) : networks();
    if (!held) return tl::unexpected(together.error());
    const Set missing = subtract(Key::first_word, fresh, elements_of(*held));
    if (missing.empty()) complain(together.error().text);  // a job may do its work and end in an exception
    if (missing.empty()) return {};
    if (objects->size() == 1) return tl::unexpected(together.error());
    log::info(fmt::format("the objects of {} were refused together: {}", show(fresh), together.error().text));
    if (fresh.size() == 1) return add_one_by_one(*objects);
    for (const std::string_view element : missing)
        if (const auto added = add(Set({std::string(element)})); !added) return added;
    return {};
}

// The two of `any`, of which a host with one IP family refuses one (WMI-35).
Result<void> MigrationService::add_one_by_one(std::span<const soap::Argument> objects) {
    std::size_t refused = 0;
    for (const soap::Argument& object : objects) {
        const auto end = perform("AddNetworkSettings", {&object, 1}, setting_deadline);
        if (end) continue;
        if (is_silence(end.error()) || ++refused == objects.size()) return tl::unexpected(end.error());
        log::info(fmt::format("one object of any was refused: {}", end.error().text));
    }
    return {};
}

Result<std::vector<Network>> MigrationService::until_seen(const Set& fresh) {
    const auto give_up = client_.pace().now() + seen_deadline;
    for (auto pause = first_pause;; pause = next_pause(pause)) {
        auto held = networks();
        if (!held) return unclear(held.error());
        const Set elements = elements_of(*held);
        const bool seen = std::all_of(fresh.begin(), fresh.end(), [&](const auto& e) { return has_key(elements, e); });
        if (seen) return held;
        if (client_.pace().now() + pause > give_up)
            return fail(Code::unreachable, fmt::format("the host said that it added {}, but shows only {}; nothing was "
                                                       "removed",
                                                       show(fresh), show(elements)));
        client_.pace().sleep(pause);
    }
}

Result<void> MigrationService::set_metrics(const std::vector<Network>& held, const Set& after) {
    for (const Network& network : held) {
        for (const std::string_view element : after) {
            if (key_of(Key::first_word, network.element) != key_of(Key::first_word, element)) continue;
            const auto text = with_metric(network, element).and_then(cim::to_text);
            if (!text) return tl::unexpected(text.error());
            const auto end = perform("ModifyNetworkSettings", arguments("NetworkSettings", *text), setting_deadline);
            if (!end) return tl::unexpected(end.error());
        }
    }
    return {};
}

// References, not texts, whatever the method's page says in prose (WMI-38).
Result<void> MigrationService::remove(const std::vector<Network>& held, const Set& gone) {
    std::vector<soap::Argument> references;
    for (const Network& network : held) {
        if (!has_key(gone, network.element)) continue;
        auto id = network.instance.text("InstanceID");
        if (!id) return fail(Code::protocol, fmt::format("the network {} has no InstanceID", network.element));
        references.push_back({"NetworkSettings", cim::Reference{resource_of(Source::migration_network),
                                                                {{"InstanceID", std::move(*id)}}}});
    }
    if (references.empty()) return {};
    const auto end = perform("RemoveNetworkSettings", references, setting_deadline);
    if (!end) return tl::unexpected(end.error());
    return {};
}

}  // namespace fairway::wmi
