// See closed.hpp. No condition says which end is to blame, so it is found by counting: the host at which most of the
// closed paths end, or begin, takes those, then the next, until none is left. Where that takes many hosts, the domain
// is to blame.
#include "engine/paths/closed.hpp"

#include <algorithm>
#include <optional>

namespace fairway {
namespace {

constexpr std::size_t most_hosts = 8;  // that are named for one condition of one migration domain

// The paths of one mesh that one condition closes.
class Closed {
public:
    explicit Closed(std::size_t hosts) : size_(hosts), pairs_(hosts * hosts), ends_(hosts) {}

    void add(std::size_t from, std::size_t to) {
        pairs_[from * size_ + to] = true;
        ++ends_[from].begin;
        ++ends_[to].end;
        ++all_;
    }
    std::int64_t all() const { return all_; }

    struct Pair {
        std::size_t from, to;
    };
    // The first path that ends at the host, or begins there; without a host the first of all.
    Pair example(std::optional<std::size_t> host = {}) const {
        for (std::size_t peer = 0; host && peer < size_; ++peer)
            if (pairs_[peer * size_ + *host]) return {peer, *host};
        for (std::size_t at = host ? *host * size_ : 0; at < pairs_.size(); ++at)
            if (pairs_[at]) return {at / size_, at % size_};
        return {};
    }

    std::size_t busiest() const {
        const auto less = [](const Ends& a, const Ends& b) {
            return std::max(a.begin, a.end) < std::max(b.begin, b.end);
        };
        return static_cast<std::size_t>(std::max_element(ends_.begin(), ends_.end(), less) - ends_.begin());
    }

    // Takes away the host's paths of the direction that has more of them; how many.
    std::int64_t take(std::size_t host) {
        const std::int64_t before = all_;
        const bool end = ends_[host].end >= ends_[host].begin;
        for (std::size_t peer = 0; peer < size_; ++peer) end ? drop(peer, host) : drop(host, peer);
        return before - all_;
    }

private:
    struct Ends {
        std::int64_t begin = 0, end = 0;  // paths that do so at the host
    };

    void drop(std::size_t from, std::size_t to) {
        if (!pairs_[from * size_ + to]) return;
        pairs_[from * size_ + to] = false;
        --ends_[from].begin;
        --ends_[to].end;
        --all_;
    }

    std::size_t size_;
    std::vector<bool> pairs_;
    std::vector<Ends> ends_;
    std::int64_t all_ = 0;
};

ClosedPaths told_of(const Mesh& mesh, const ConditionRow& row, std::optional<std::size_t> host, std::int64_t paths,
                    Closed::Pair example) {
    const End &from = mesh.ends[example.from], &to = mesh.ends[example.to];
    return {.domain = mesh.domain->name,
            .host = host ? mesh.ends[*host].host->name : std::string(),
            .condition = row.name,
            .paths = paths,
            .from = from.host->name,
            .to = to.host->name,
            .evidence = row.evidence(from, to)};
}

void blame(std::vector<ClosedPaths>& out, const Mesh& mesh, const ConditionRow& row, Closed closed) {
    const ClosedPaths whole = told_of(mesh, row, {}, closed.all(), closed.example());
    std::vector<ClosedPaths> hosts;
    std::int64_t taken = 0;
    while (closed.all() > 0) {
        const std::size_t host = closed.busiest();
        const std::string& name = mesh.ends[host].host->name;
        const auto known =
            std::find_if(hosts.begin(), hosts.end(), [&](const ClosedPaths& one) { return one.host == name; });
        if (known == hosts.end() && hosts.size() == most_hosts) break;
        const Closed::Pair example = closed.example(host);
        const std::int64_t paths = closed.take(host);
        if (known == hosts.end()) hosts.push_back(told_of(mesh, row, host, paths, example));
        else known->paths += paths;
        taken += paths;
    }
    const std::size_t size = mesh.ends.size();
    if (size == 2 || 2 * hosts.size() > size || closed.all() > taken) {
        out.push_back(whole);
        return;
    }
    out.insert(out.end(), hosts.begin(), hosts.end());
    if (closed.all() > 0) out.push_back(told_of(mesh, row, {}, closed.all(), closed.example()));
}

}  // namespace

std::vector<ClosedPaths> closed_by_cause(const std::vector<Mesh>& meshes, const std::vector<Matrix>& matrices,
                                         const std::function<bool(const Address&)>& told) {
    std::vector<ClosedPaths> out;
    for (std::size_t m = 0; m < meshes.size(); ++m) {
        const std::vector<End>& ends = meshes[m].ends;
        std::vector<std::optional<Closed>> by_row(conditions().size());
        for (std::size_t at = 0; at < matrices[m].paths(); ++at) {
            if (matrices[m].state(at) != PathState::closed) continue;
            const End &from = ends[at / ends.size()], &to = ends[at % ends.size()];
            for (std::size_t r = 0; r < by_row.size(); ++r) {
                const ConditionRow& row = conditions()[r];
                if (row.state(from, to) != PathState::closed) continue;
                const Address fix = row.fix(from, to);
                if (fix.setting && told(fix)) continue;
                if (!by_row[r]) by_row[r].emplace(ends.size());
                by_row[r]->add(from.index, to.index);
            }
        }
        for (std::size_t r = 0; r < by_row.size(); ++r)
            if (by_row[r]) blame(out, meshes[m], conditions()[r], std::move(*by_row[r]));
    }
    return out;
}

}  // namespace fairway
