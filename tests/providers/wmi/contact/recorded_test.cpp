// Do the answers that were recorded on somebody's host, and sent back, say to the codec what they said there? The
// fixtures are made by tests/fixtures/from_record.
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "engine/base/json.hpp"
#include "engine/model/value_json.hpp"
#include "providers/wmi/hyperv/codec.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi::recorded_test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
}

std::string piece(const std::string& text, const std::string& from, const std::string& to) {
    const auto begin = text.find(from);
    if (begin == std::string::npos) return {};
    const auto end = text.find(to, begin + from.size());
    return text.substr(begin + from.size(), end == std::string::npos ? end : end - begin - from.size());
}

// The two messages of an exchange, as the record holds them.
struct Recorded {
    std::string request, answer;
};
Recorded read_recorded(const std::string& text) {
    const auto after = text.find("\nHTTP ");
    const auto message = [](const std::string& part) {
        const auto at = part.find("\n<");
        const auto end = part.rfind('>');
        return at == std::string::npos || end == std::string::npos ? std::string() : part.substr(at + 1, end - at);
    };
    if (after == std::string::npos) return {message(text), {}};
    return {message(text.substr(0, after)), message(text.substr(after))};
}

// What each class was answered with first, by its name.
std::map<std::string, Result<Instances>> answers_in(const fs::path& folder) {
    std::map<std::string, Result<Instances>> out;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        const Recorded one = read_recorded(text_of(file));
        const std::string action = piece(one.request, "<a:Action s:mustUnderstand=\"true\">", "<");
        if (!action.ends_with("/Enumerate") || one.answer.empty()) continue;
        std::string about = piece(one.request, "<w:ResourceURI s:mustUnderstand=\"true\">", "<");
        about = about.substr(about.rfind('/') + 1);
        if (about == "*") about = piece(one.request, " FROM ", " ");
        if (out.contains(about)) continue;
        const auto reply = soap::read_reply(one.answer, piece(one.request, "<a:MessageID>", "<"));
        REQUIRE_MESSAGE(reply.has_value(), file);
        if (reply->fault) {
            out.emplace(about, tl::unexpected(explain(*reply->fault)));
            continue;
        }
        const auto batch = soap::read_batch(reply->body);
        REQUIRE_MESSAGE(batch.has_value(), file);
        if (batch->last) out.emplace(about, batch->instances);
    }
    return out;
}

Json said(const Result<Held>& held) {
    if (!held) return {{"error", name(held.error().code)}};
    return *held ? to_json(**held) : Json();
}

}  // namespace

TEST_CASE("recorded hosts say to the codec what they said when they were recorded") {
    const fs::path place = FAIRWAY_SOURCE_DIR "/tests/fixtures/hosts";
    std::size_t hosts = 0, values = 0;
    for (const auto& host : fs::directory_iterator(place)) {
        CAPTURE(host.path().filename().string());
        const auto record = parse_json(text_of(host.path() / "values.json"), {.bytes = 64u << 20, .depth = 16});
        REQUIRE(record.has_value());
        const auto answers = answers_in(host.path());
        ++hosts;
        for (const CodecRow& row : codec_rows()) {
            const std::string name(row.setting->name), about(class_row(row.source).name);
            if (!record->at("values").contains(name) || !answers.contains(about)) continue;
            const Result<Instances>& all = answers.at(about);
            CAPTURE(name);
            const auto held = all ? decode(row, distinct(*all, row.source)) : Result<Held>(tl::unexpected(all.error()));
            CHECK(print_json(said(held)) == print_json(record->at("values").at(name)));
            ++values;
        }
    }
    CHECK(hosts > 0);
    CHECK(values >= 13 * hosts);  // all but the cluster's name, which not every host may be asked for
}

}  // namespace fairway::wmi::recorded_test
