// See enumeration.hpp. DSP0226 8.2-8.6.
#include "providers/wmi/wsman/enumeration.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <iterator>
#include <numeric>

#include "providers/wmi/wsman/room.hpp"

namespace fairway::wmi {
namespace {

constexpr int most_restarts = 2;
constexpr int patience = 20;  // answers without an object before we say that the host goes in circles

}  // namespace

Enumeration::Enumeration(std::string to, std::string resource, soap::Query query)
    : to_(std::move(to)), resource_(std::move(resource)), query_(std::move(query)) {}

Result<std::string> Enumeration::write() {
    id_ = soap::fresh_id();
    const soap::Heading heading{to_, id_};
    switch (state_) {
        case State::start: return soap::enumerate(heading, resource_, query_);
        case State::more: return soap::pull(heading, resource_, context_, query_);
        default: return soap::release(heading, resource_, context_);
    }
}

std::optional<Request> Enumeration::next() {
    if (state_ == State::done) return std::nullopt;
    auto text = write();
    if (!text) {
        error_ = text.error();
        state_ = State::done;
        return std::nullopt;
    }
    // A repeated Pull would lose what the first one brought.
    return Request{std::move(*text), state_ == State::start ? Repeat::safe : Repeat::never};
}

void Enumeration::take(const Result<std::string>& answer) {
    if (state_ == State::releasing) state_ = State::done;  // however it ended
    else take_batch(answer);
}

void Enumeration::take_batch(const Result<std::string>& answer) {
    if (!answer) {
        // The connection is gone; the host forgets the context by itself (EnumerationTimeoutms). What the lost Pull
        // brought is lost too, so it all begins again.
        if (state_ == State::more && answer.error().code == Code::unreachable && restarts_++ < most_restarts) {
            instances_.clear();
            held_ = 0;
            context_.clear();
            state_ = State::start;
            return;
        }
        error_ = answer.error();
        state_ = State::done;
        return;
    }
    auto reply = soap::read_reply(*answer, id_);
    if (!reply) return stop(reply.error());
    if (reply->fault) {
        error_ = explain(*reply->fault, resource_);
        state_ = State::done;
        return;
    }
    auto batch = soap::read_batch(reply->body);
    if (!batch) return stop(batch.error());
    fruitless_ = batch->instances.empty() ? fruitless_ + 1 : 0;
    const std::size_t made = std::transform_reduce(batch->instances.begin(), batch->instances.end(), std::size_t{0},
                                                   std::plus<>{}, cim::footprint);
    held_ += std::max(made, answer->size());
    std::move(batch->instances.begin(), batch->instances.end(), std::back_inserter(instances_));
    context_ = batch->context;
    if (batch->last) {
        state_ = State::done;
        context_.clear();
    } else if (context_.empty()) {
        stop({Code::protocol, "an enumeration goes on without a context to ask on with"});
    } else if (fruitless_ >= patience) {
        stop({Code::protocol, fmt::format("an enumeration brought nothing in {} answers and does not end", patience)});
    } else {
        state_ = State::more;
    }
    if (held_ > most_held)
        stop(
            {Code::protocol, fmt::format("the answers about one class hold more than {} MiB; this cannot be right. See "
                                         "with --record what the host sends",
                                         most_held >> 20)});
    if (instances_.size() > query_.most)
        stop({Code::protocol, fmt::format("more than {} objects of one class; this cannot be right", query_.most)});
}

// An open context counts against the account's quota, so it is given back (WMI-6).
void Enumeration::stop(Error error) {
    error_ = std::move(error);
    instances_.clear();
    held_ = 0;
    state_ = context_.empty() ? State::done : State::releasing;
}

Result<std::vector<cim::Instance>> Enumeration::result() && {
    if (error_) return tl::unexpected(std::move(*error_));
    return std::move(instances_);
}

}  // namespace fairway::wmi
