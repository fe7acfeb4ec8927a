// See connect.hpp.
#include "engine/cli/connect.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "engine/cli/config.hpp"
#include "engine/cli/providers.hpp"
#include "engine/run/own_names.hpp"
#include "engine/run/vanished.hpp"

namespace fairway::cli {
namespace {

// One handle of each provider, and which of them serves a kind. A provider that serves several kinds opens one.
template <class Port>
struct Handles {
    std::vector<std::unique_ptr<Port>> all;  // null: the provider has none
    std::array<std::size_t, all_kinds.size()> of_kind{};

    Port* at(Kind kind) const { return all[of_kind[static_cast<std::size_t>(kind)]].get(); }
};

// Every address to the handle that serves its kind; asked one after the other, answered as one snapshot.
class ReadersByKind : public Reader {
public:
    explicit ReadersByKind(Handles<Reader> readers) : readers_(std::move(readers)) {}

    Snapshot read(std::span<const Address> addresses, const Progress& progress) override {
        std::map<std::size_t, std::vector<Address>> asked;
        for (const Address& address : addresses)
            asked[readers_.of_kind[static_cast<std::size_t>(address.kind())]].push_back(address);
        Snapshot out;
        bool first = true;
        for (const auto& [number, theirs] : asked) {
            Snapshot more = readers_.all[number]->read(theirs, std::exchange(first, false) ? progress : Progress{});
            out.readings.merge(more.readings);
            out.sources.insert(out.sources.end(), more.sources.begin(), more.sources.end());
        }
        return out;
    }

private:
    Handles<Reader> readers_;
};

// Hosts cannot say rights in advance; what they would say to a write, only a write shows.
class RightsByKind : public RightsReader {
public:
    explicit RightsByKind(Handles<RightsReader> readers) : readers_(std::move(readers)) {}

    Rights may_write(std::span<const Address> addresses, const Progress& progress) override {
        Rights out;
        std::map<RightsReader*, std::vector<Address>> asked;
        for (const Address& address : addresses)
            if (RightsReader* reader = readers_.at(address.kind())) asked[reader].push_back(address);
            else
                out.emplace(address, Right{May::unknown, "hosts cannot say it in advance; `fairway probe HOST` tries"});
        for (const auto& [reader, theirs] : asked) out.merge(reader->may_write(theirs, progress));
        return out;
    }

private:
    Handles<RightsReader> readers_;
};

class WritersByKind : public Writer {
public:
    explicit WritersByKind(Handles<Writer> writers) : writers_(std::move(writers)) {}

    // One provider after the other; a phase has changes of one kind anyway.
    void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) override {
        std::map<Writer*, std::vector<std::size_t>> of_each;
        for (std::size_t i = 0; i < writes.size(); ++i) of_each[writers_.at(writes[i].address.kind())].push_back(i);
        for (const auto& [writer, numbers] : of_each) {
            std::vector<Write> theirs;
            for (const std::size_t i : numbers) theirs.push_back(writes[i]);
            writer->write_all(theirs, may_begin, [&](std::size_t i, std::optional<Result<void>> answer) {
                answered(numbers[i], std::move(answer));
            });
        }
    }
    std::vector<Replica> replicas() const override {
        std::vector<Replica> out;
        for (const auto& writer : writers_.all)
            for (Replica& one : writer->replicas()) out.push_back(std::move(one));
        return out;
    }

private:
    Handles<Writer> writers_;
};

using Providers = std::array<std::shared_ptr<const Provider>, all_kinds.size()>;

// One port of all providers, as one.
template <class Port, class ByKind, class Open>
Result<std::unique_ptr<Port>> of_all(const Providers& providers, Open open) {
    Handles<Port> out;
    for (std::size_t i = 0; i < providers.size(); ++i) {
        const auto same = std::find(providers.begin(), providers.end(), providers[i]);
        const auto number = static_cast<std::size_t>(same - providers.begin());
        if (number < i) {
            out.of_kind[i] = out.of_kind[number];
            continue;
        }
        Result<std::unique_ptr<Port>> handle = open(*providers[i]);
        if (!handle) return handle;
        out.of_kind[i] = out.all.size();
        out.all.push_back(std::move(*handle));
    }
    return std::make_unique<ByKind>(std::move(out));
}

}  // namespace

Connections::Connections(const Inventory& inventory, const SharedRecording& recording, std::vector<Replica> pinned)
    : hosts_(inventory.hosts) {
    const Approach approach{inventory, recording, std::move(pinned)};
    const auto reach_of = [&](const KindRow& row) { return provider_row(inventory, row.kind).reach; };
    for (std::size_t own = 0; own < all_kinds.size(); ++own) {
        const auto reach = reach_of(all_kinds[own]);
        const auto same = std::find_if(all_kinds.begin(), all_kinds.end(),
                                       [&](const KindRow& other) { return reach_of(other) == reach; });
        const auto number = static_cast<std::size_t>(same - all_kinds.begin());
        providers_[own] = number < own ? providers_[number] : reach(approach);
    }
}

const Provider& Connections::of(Kind kind) const { return *providers_[static_cast<std::size_t>(kind)]; }

Result<std::unique_ptr<Reader>> Connections::reader(const Recall& recall) const {
    auto values = of_all<Reader, ReadersByKind>(providers_, [&](const Provider& one) { return one.reader(recall); });
    if (!values) return values;
    const OpenNames open = [same = *this] { return same.names(); };
    auto with_names = std::make_unique<OwnNamesReader>(std::move(*values), hosts_, open);
    return std::make_unique<VanishedReader>(std::move(with_names), hosts_, open);
}

Result<std::unique_ptr<RightsReader>> Connections::rights() const {
    return of_all<RightsReader, RightsByKind>(providers_, [](const Provider& one) { return one.rights(); });
}

Result<std::unique_ptr<Writer>> Connections::writer() const {
    return of_all<Writer, WritersByKind>(providers_, [](const Provider& one) { return one.writer(); });
}

Result<std::unique_ptr<Mover>> Connections::mover() const { return of(Kind::host).mover(); }
Result<Probe> Connections::probe(const Host& host) const { return of(Kind::host).probe(host); }
Result<std::unique_ptr<HostSights>> Connections::host_sights() const { return of(Kind::host).host_sights(); }

Result<std::unique_ptr<HostLogs>> Connections::host_logs() const { return of(Kind::host).host_logs(); }
Result<std::unique_ptr<DirectorySights>> Connections::directory_sights() const {
    return of(Kind::computer).directory_sights();
}
Result<Probe> Connections::rehearse(const Host& host) const { return of(Kind::host).rehearse(host); }
Result<FirstContact> Connections::first_contact(const Host& host) const { return of(Kind::host).first_contact(host); }
Result<DirectoryContact> Connections::directory_contact(const Host& host) const {
    return of(Kind::computer).directory_contact(host);
}
Result<std::unique_ptr<Replicas>> Connections::replicas() const { return of(Kind::computer).replicas(); }
Result<std::unique_ptr<NameReader>> Connections::names() const { return of(Kind::computer).names(); }

Result<std::unique_ptr<HostFinder>> connect_to_find(const Inventory& inventory, const SharedRecording& recording) {
    return provider_row(inventory, Kind::computer).reach({inventory, recording, {}})->finder();
}

std::string estate_lock(const Inventory& inventory) {
    if (!inventory.embedded.empty()) return inventory.embedded + ".run-lock";
    return fmt::format("{}/fairway-{}.lock", lock_folder(), inventory.directories.front().domain);
}

}  // namespace fairway::cli
