// See memory.hpp. Faults of the world are acted out here.
#include "providers/memory/memory.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/base/lock.hpp"
#include "engine/model/account_facts.hpp"
#include "providers/memory/copies.hpp"
#include "providers/memory/edit.hpp"
#include "providers/memory/names.hpp"
#include "providers/memory/physics.hpp"
#include "providers/memory/world.hpp"

namespace fairway::memory {
namespace {

constexpr std::size_t world_limit = 256u << 20;

Result<World> load(const std::string& path) {
    const Result<std::string> text = read_file(path, world_limit);
    if (!text) return fail(Code::unreachable, "the embedded estate is not there: " + text.error().text);
    Result<World> world = parse_world(*text);
    if (!world) return fail(world.error().code, path + ": " + world.error().text);
    return world;
}

// Keeps other invocations from writing between our reading and our writing.
Result<Lock> lock_of(const std::string& world) { return Lock::wait(world + ".lock"); }

class FileReader : public Reader {
public:
    explicit FileReader(const Inventory& inventory) : path_(inventory.embedded) {}

    Snapshot read(std::span<const Address> addresses, const Progress& progress) override {
        Snapshot out;
        const Result<World> world = load(path_);
        if (world) out.sources.push_back("embedded estate " + path_);
        for (const Address& address : addresses)
            out.readings.insert_or_assign(address,
                                          world ? read_from(*world, address) : Reading(tl::unexpected(world.error())));
        if (progress) progress(addresses.size(), addresses.size());
        return out;
    }

private:
    std::string path_;
};

class FileNameReader : public NameReader {
public:
    explicit FileNameReader(const Inventory& inventory) : path_(inventory.embedded) {}

    Result<RegisteredNames> names(const NameQuestion& question) override {
        const Result<World> world = load(path_);
        if (!world) return tl::unexpected(world.error());
        Result<RegisteredNames> out = names_in(*world, question);
        if (out) out->source = "embedded estate " + path_;
        return out;
    }
    Result<Set> dns_suffixes(const std::string&) override {
        return load(path_).map([](const World& world) { return Set(world.dns_suffixes); });
    }

private:
    std::string path_;
};

class FileRights : public RightsReader {
public:
    explicit FileRights(const Inventory& inventory) : path_(inventory.embedded) {}

    Rights may_write(std::span<const Address> addresses, const Progress&) override {
        Rights out;
        const Result<World> world = load(path_);
        for (const Address& address : addresses)
            out.emplace(address, world ? right_at(*world, address) : Right{May::unknown, world.error().text});
        return out;
    }

private:
    std::string path_;
};

class FileReplicas : public Replicas {
public:
    explicit FileReplicas(const Inventory& inventory) : path_(inventory.embedded) {}

    Result<std::vector<Holder>> all() override { return load(path_).map(holders); }
    Result<ChangeStamps> stamps(const Replica& replica, std::span<const Address> addresses) override {
        const Result<World> world = load(path_);
        if (!world) return tl::unexpected(world.error());
        return stamps_at(*world, replica, addresses, system_now());
    }

private:
    std::string path_;
};

class FileFinder : public HostFinder {
public:
    explicit FileFinder(const Inventory& inventory) : path_(inventory.embedded) {}

    Result<FoundHosts> find(const HostSearch& search) override {
        const auto all = look(search);
        if (!all) return tl::unexpected(all.error());
        FoundHosts out;
        for (const SeenComputer& one : *all)
            if (one.disabled) out.disabled.push_back(one.is.account);
            else out.hosts.push_back(one.is);
        return out;
    }

    // A file knows no operating systems and no sign-ons; its computers are hosts, and none is a cluster's.
    Result<std::vector<SeenComputer>> look(const HostSearch& search) override {
        const Result<World> world = load(path_);
        if (!world) return tl::unexpected(world.error());
        std::vector<SeenComputer> out;
        for (const auto& [kind, object] : world->objects) {
            if (kind != Kind::computer) continue;
            const Reading flags = read_from(*world, {object, &setting::account_flags});
            if (!flags) return tl::unexpected(flags.error());
            const Set* set = *flags ? as_set(**flags) : nullptr;
            SeenComputer& one = out.emplace_back();
            one.is = {object + "$", dns_name(*world, object, search.domain), "CN=" + object};
            one.disabled = set && set->contains("accountdisable");
            one.controller = set && set->contains("server_trust_account");
            one.classes = {text::fold("Microsoft Virtual System Migration Service")};
        }
        return out;
    }

private:
    // An estate in a file may leave it out, and then it is as it should be.
    static std::string dns_name(const World& world, const std::string& object, const std::string& domain) {
        const auto it = world.values.find({object, &setting::account_dns_name});
        const auto* said = it == world.values.end() ? nullptr : std::get_if<std::string>(&it->second);
        return said ? *said : text::fold(object) + "." + domain;
    }

    std::string path_;
};

std::optional<Value> value_at(const World& world, const Address& address) {
    const auto it = world.values.find(address);
    return it == world.values.end() ? std::nullopt : std::optional(it->second);
}

class FileWriter : public Writer {
public:
    explicit FileWriter(const Inventory& inventory) : path_(inventory.embedded) {}

    void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) override {
        for (std::size_t next = 0; next < writes.size();) {
            const std::vector<Result<void>> results = write_some(writes.subspan(next), may_begin);
            for (const Result<void>& result : results) answered(next++, result);
            if (results.empty()) answered(next++, std::nullopt);
        }
    }
    std::vector<Replica> replicas() const override {
        const Result<World> world = load(path_);
        if (!world || world->copies.empty()) return {};
        return {holders(*world).front().replica};
    }

private:
    // Up to the first that fails, as one change of the file: an answer is given once its effect is on the disk.
    std::vector<Result<void>> write_some(std::span<const Write> writes, const MayBegin& may_begin) {
        std::vector<Result<void>> out;
        if (!may_begin()) return out;  // a write that waits for the file is in flight
        const Result<Lock> lock = lock_of(path_);
        if (!lock) return {tl::unexpected(lock.error())};
        Result<World> world = load(path_);
        if (!world) return {tl::unexpected(world.error())};
        for (const auto& [address, before, after] : writes) {
            if (!out.empty() && (!out.back() || !may_begin())) break;
            const std::optional<Value> held = value_at(*world, address);
            out.push_back(write_to(*world, address, before, after));
            if (value_at(*world, address) != held) stamp(*world, address, system_now());
        }
        if (const auto saved = write_file_atomically(path_, print_world(*world)); !saved)
            std::fill(out.begin(), out.end(), saved);
        return out;
    }

    std::string path_;
};

class FileMoving : public Moving {
public:
    FileMoving(const Inventory& inventory, TrialMove trial) : inventory_(inventory), trial_(std::move(trial)) {}

    std::optional<Result<void>> step() override {
        const Result<Lock> lock = lock_of(inventory_.embedded);
        if (!lock) return tl::unexpected(lock.error());
        Result<World> world = load(inventory_.embedded);
        if (!world) return tl::unexpected(world.error());
        Result<MoveProof> proof = migrate(*world, inventory_, trial_);
        if (!proof) return tl::unexpected(proof.error());
        if (auto saved = write_file_atomically(inventory_.embedded, print_world(*world)); !saved)
            return tl::unexpected(saved.error());
        proof_ = std::move(*proof);
        return Result<void>();
    }
    const MoveProof& proof() const override { return proof_; }

private:
    const Inventory& inventory_;
    TrialMove trial_;
    MoveProof proof_;
};

class FileMover : public Mover {
public:
    explicit FileMover(const Inventory& inventory) : inventory_(inventory) {}

    std::unique_ptr<Moving> begin(const TrialMove& trial) override {
        return std::make_unique<FileMoving>(inventory_, trial);
    }
    Result<std::optional<Machine>> find(const std::string& host, const std::string& vm) override {
        return load(inventory_.embedded).map([&](const World& world) { return machine_on(world, host, vm); });
    }
    Result<MoveRoom> room(const std::string& host) override {
        return load(inventory_.embedded).map([&](const World& world) { return room_at(world, host); });
    }
    Result<Sighting> sight(const std::string& host, const std::string& id) override {
        return load(inventory_.embedded).map([&](const World& world) { return Sighting{machine_on(world, host, id)}; });
    }
    Result<void> remove_planned(const std::string&, const std::string&) override {
        return fail(Code::not_found, "an embedded estate has no planned VMs");
    }

private:
    Inventory inventory_;
};

class FileLogs : public HostLogs {
public:
    explicit FileLogs(const Inventory& inventory) : path_(inventory.embedded) {}

    Result<ClockSeen> clock(const Host&) override { return ClockSeen(); }  // all hosts go by the clock here
    Result<EventFile> events(const Host& host, std::int64_t since) override {
        const Result<World> world = load(path_);
        if (!world) return tl::unexpected(world.error());
        EventFile out;
        for (const LogEvent& event : world->events)
            if (event.computer == host.name && event.time_us >= since * 1'000'000) out.events.push_back(event);
        return out;
    }

private:
    std::string path_;
};

Result<void> same_estate(const Inventory& inventory) {
    const Result<World> world = load(inventory.embedded);
    if (!world) return tl::unexpected(world.error());
    if (world->estate != inventory.estate)
        return fail(Code::refused, fmt::format("{} is the estate {}, the inventory is of {}", inventory.embedded,
                                               world->estate, inventory.estate));
    return {};
}

template <class Port, class File>
Result<std::unique_ptr<Port>> open(const Inventory& inventory) {
    if (auto same = same_estate(inventory); !same) return tl::unexpected(same.error());
    return std::make_unique<File>(inventory);
}

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const Inventory& inventory) { return open<Reader, FileReader>(inventory); }

Result<std::unique_ptr<NameReader>> open_name_reader(const Inventory& inventory) {
    return open<NameReader, FileNameReader>(inventory);
}

Result<std::unique_ptr<RightsReader>> open_rights_reader(const Inventory& inventory) {
    return open<RightsReader, FileRights>(inventory);
}

Result<std::unique_ptr<Replicas>> open_replicas(const Inventory& inventory) {
    return open<Replicas, FileReplicas>(inventory);
}

Result<std::unique_ptr<HostFinder>> open_finder(const Inventory& inventory) {
    return open<HostFinder, FileFinder>(inventory);
}

Result<std::unique_ptr<HostLogs>> open_logs(const Inventory& inventory) { return open<HostLogs, FileLogs>(inventory); }

Result<std::unique_ptr<Writer>> open_writer(const Inventory& inventory) { return open<Writer, FileWriter>(inventory); }

Result<std::unique_ptr<Mover>> open_mover(const Inventory& inventory) { return open<Mover, FileMover>(inventory); }

}  // namespace fairway::memory
