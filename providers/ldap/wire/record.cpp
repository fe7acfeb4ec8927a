// See record.hpp. Here: the connections that keep what is said over them.
#include "providers/ldap/wire/record.hpp"

#include <chrono>
#include <fmt/format.h>
#include <map>

#include "engine/base/text.hpp"

namespace fairway::ldap {
namespace {

using Clock = std::chrono::steady_clock;

std::string_view word(Bind bind) {
    return bind == Bind::simple ? "simple" : bind == Bind::gssapi ? "gssapi" : "gss-spnego";
}
std::string_view word(Tls tls) { return tls == Tls::none ? "none" : tls == Tls::starttls ? "starttls" : "ldaps"; }

std::int64_t ms_since(Clock::time_point began) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count();
}

// Up to where a distinguished name or a path begins, which names of their own may stand in.
std::size_t start_of_name(std::string_view said) {
    for (std::size_t at = 0; at < said.size(); ++at) {
        const std::string start = text::fold(said.substr(at, 3));
        if (start == "cn=" || start == "ou=" || start == "dc=") return at;
        if (said[at] == '/' && (at == 0 || said[at - 1] == ' ')) return at;
    }
    return said.size();
}

// What a server or we say of a failure: codes and words, and names between quotes or in distinguished ones.
std::string publishable_words(std::string_view said, StandIns& names) {
    std::string out;
    while (!said.empty()) {
        const std::string_view free = said.substr(0, std::min(said.find_first_of("'\"`"), start_of_name(said)));
        out += names.in(free);
        said.remove_prefix(free.size());
        if (said.empty()) break;
        const char quote = said.front();
        const bool quoted = quote == '\'' || quote == '"' || quote == '`';
        if (quoted) said.remove_prefix(1);
        const auto end = std::min(quoted ? said.find(quote) : said.find_first_of(";\n)"), said.size());
        const std::string shown = publishable_value({}, said.substr(0, end), names);
        out += quoted ? fmt::format("{}{}{}", quote, shown, quote) : shown;
        said.remove_prefix(std::min(end + (quoted ? 1 : 0), said.size()));
    }
    return out;
}

std::string outcome(const Error* error, StandIns& names) {
    return error == nullptr ? "success"
                            : fmt::format("{}: {}", name(error->code), publishable_words(error->text, names));
}

std::string question(const Search& search, bool more, StandIns& names) {
    std::string out =
        fmt::format("base: {}\nscope: {}\nfilter: {}\nattributes:", publishable_dn(search.base, names),
                    search.scope == Scope::base ? "base" : "subtree", publishable_filter(search.filter.text(), names));
    for (const std::string& attribute : search.attributes) out += " " + attribute;
    if (search.page_size > 0)
        out += fmt::format("\npage: of {}{}", search.page_size, more ? ", one that follows another" : "");
    return out + (search.deleted ? "\ndeleted objects too\n" : "\n");
}

std::string entries(const Page& page, StandIns& names) {
    std::string out;
    for (const Entry& entry : page.entries) {
        out += fmt::format("\ndn: {}\n", publishable_dn(entry.dn, names));
        for (const Attribute& attribute : entry.attributes)
            for (const std::string& value : attribute.values)
                out += fmt::format("{}: {}\n", attribute.name, publishable_value(attribute.name, value, names));
    }
    return out;
}

std::string change(const std::string& dn, std::span<const Modification> modifications, StandIns& names) {
    std::string out = fmt::format("dn: {}\n", publishable_dn(dn, names));
    for (const Modification& one : modifications)
        for (const std::string& value : one.values)
            out += fmt::format("{} {}: {}\n", one.kind == Modification::Kind::add ? "add" : "delete", one.attribute,
                               publishable_value(one.attribute, value, names));
    return out;
}

// Keeps one operation: what was said, what came of it.
class Notes {
public:
    Notes(SharedRecording recording, std::string server)
        : recording_(std::move(recording)), server_(std::move(server)) {}

    using Part = std::function<std::string(StandIns&)>;
    void keep(std::string_view operation, Clock::time_point began, const Error* error, const Part& said,
              const Part& came = {}) {
        recording_->keep([&](StandIns& names) {
            std::string text = fmt::format("LDAP {} at {}\n{}\nresult: {}\nafter: {} ms\n", operation,
                                           names.in(server_), said(names), outcome(error, names), ms_since(began));
            if (came) text += came(names);
            const std::string host = names.of(server_.substr(0, server_.find('.')), StandIns::Kind::host);
            return Recording::Note{fmt::format("{}-{}", host, operation), text::printable_lines(text)};
        });
    }

private:
    SharedRecording recording_;
    std::string server_;
};

template <class W>
class Recorded : public W {
public:
    Recorded(std::unique_ptr<W> wire, Notes notes) : wire_(std::move(wire)), notes_(std::move(notes)) {}

    Result<int> ask(const Search& search, const std::string& cookie) final {
        const auto began = Clock::now();
        auto number = wire_->ask(search, cookie);
        const auto said = [search, more = !cookie.empty()](StandIns& names) { return question(search, more, names); };
        if (number) under_way_.insert_or_assign(*number, UnderWay{began, said});
        else notes_.keep("search", began, &number.error(), said);
        return number;
    }
    Result<Page> next() final {
        auto page = wire_->next();
        if (page) {
            const auto asked = under_way_.extract(page->question);
            if (asked)
                notes_.keep("search", asked.mapped().began, nullptr, asked.mapped().said, [&](StandIns& names) {
                    return fmt::format("entries: {}{}\n{}", page->entries.size(),
                                       page->cut ? ", and more than are given" : "", entries(*page, names));
                });
        } else {
            for (const auto& [number, asked] : under_way_)
                notes_.keep("search", asked.began, &page.error(), asked.said);
            under_way_.clear();
        }
        return page;
    }
    void abandon() final {
        under_way_.clear();
        wire_->abandon();
    }
    bool lost() const final { return wire_->lost(); }
    std::size_t requests() const final { return wire_->requests(); }

protected:
    struct UnderWay {
        Clock::time_point began;
        Notes::Part said;
    };
    std::unique_ptr<W> wire_;
    Notes notes_;
    std::map<int, UnderWay> under_way_;
};

class RecordedWriting final : public Recorded<Wire> {
public:
    using Recorded::Recorded;
    Result<int> send(const std::string& dn, std::span<const Modification> modifications) override {
        const auto began = Clock::now();
        auto number = wire_->send(dn, modifications);
        const auto said = [dn, all = std::vector(modifications.begin(), modifications.end())](StandIns& names) {
            return change(dn, all, names);
        };
        if (number) sent_.insert_or_assign(*number, UnderWay{began, said});
        else notes_.keep("modify", began, &number.error(), said);
        return number;
    }
    Result<Modified> next_modified() override {
        auto answer = wire_->next_modified();
        if (answer) {
            if (const auto sent = sent_.extract(answer->request))
                notes_.keep("modify", sent.mapped().began, answer->done ? nullptr : &answer->done.error(),
                            sent.mapped().said);
        } else {
            for (const auto& [number, sent] : sent_) notes_.keep("modify", sent.began, &answer.error(), sent.said);
            sent_.clear();
        }
        return answer;
    }

private:
    std::map<int, UnderWay> sent_;
};

template <class W, class Made>
Dialler<W> recording_dialler(Dialler<W> dial, const SharedRecording& recording) {
    if (!recording) return dial;
    return [dial = std::move(dial), recording](const Directory& directory,
                                               const std::string& server) -> Result<std::unique_ptr<W>> {
        Notes notes(recording, server);
        const auto began = Clock::now();
        auto wire = dial(directory, server);
        notes.keep("bind", began, wire ? nullptr : &wire.error(), [&](StandIns&) {
            return fmt::format("port: {}\nbind: {}\ntls: {}\n", directory.port, word(directory.bind),
                               word(directory.tls));
        });
        if (!wire) return wire;
        return std::make_unique<Made>(std::move(*wire), std::move(notes));
    };
}

}  // namespace

std::unique_ptr<ReadWire> recorded(std::unique_ptr<ReadWire> wire, const SharedRecording& recording,
                                   const std::string& server) {
    if (!recording) return wire;
    return std::make_unique<Recorded<ReadWire>>(std::move(wire), Notes(recording, server));
}

Dialler<ReadWire> recorded_reads(Dialler<ReadWire> dial, const SharedRecording& recording) {
    return recording_dialler<ReadWire, Recorded<ReadWire>>(std::move(dial), recording);
}

Dialler<Wire> recorded_writes(Dialler<Wire> dial, const SharedRecording& recording) {
    return recording_dialler<Wire, RecordedWriting>(std::move(dial), recording);
}

}  // namespace fairway::ldap
