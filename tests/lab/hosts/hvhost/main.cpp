// hvhost: one simulated Hyper-V host, as far as WS-Management, WMI and live migration show it.
// Written from providers/wmi/FACTS.md and the specifications alone; it shares no code with the program that it tests.
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/program_options.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "listener.hpp"

namespace {

namespace po = boost::program_options;

po::variables_map read_options(int argc, char** argv) {
    po::options_description options("hvhost");
    options.add_options()                                                                   //
        ("estate", po::value<std::string>()->required(), "estate.json")                     //
        ("host", po::value<std::string>()->required(), "which host of the estate to be")    //
        ("keytab", po::value<std::string>()->required(), "the key of the host's account")   //
        ("users", po::value<std::string>()->required(), "name:password lines for Basic")    //
        ("ntlm-users", po::value<std::string>()->required(), "HOST:name:password lines")    //
        ("ldap", po::value<std::string>()->required(), "url of the domain controller")      //
        ("certs", po::value<std::string>()->required(), "folder of certificates and keys")  //
        ("ca", po::value<std::string>()->required(), "who signs certificates of clients")   //
        ("port", po::value<unsigned short>()->default_value(5985), "of WS-Management")      //
        ("tls-port", po::value<unsigned short>()->default_value(5986), "of WS-Management under TLS");
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, options), values);
    po::notify(values);
    return values;
}

// The host accepts with its key, and fetches tickets with the same key, into memory only.
void use_keytab(const std::string& path) {
    ::setenv("KRB5_KTNAME", ("FILE:" + path).c_str(), 1);
    ::setenv("KRB5_CLIENT_KTNAME", ("FILE:" + path).c_str(), 1);
    ::setenv("KRB5CCNAME", "MEMORY:hvhost", 1);
}

void run(const po::variables_map& options) {
    use_keytab(options["keytab"].as<std::string>());
    // Where gss-ntlmssp finds the passwords of local accounts; an acceptor has no other way to be told.
    ::setenv("NTLM_USER_FILE", options["ntlm-users"].as<std::string>().c_str(), 1);
    auto estate = lab::read_estate(options["estate"].as<std::string>(), options["host"].as<std::string>());
    estate.directory_url = options["ldap"].as<std::string>();
    const lab::Accounts accounts{estate.realm, estate.domain, estate.administrators, estate.host,
                                 lab::read_users(options["users"].as<std::string>())};
    const boost::asio::ip::tcp::endpoint address(boost::asio::ip::make_address(estate.address),
                                                 options["port"].as<unsigned short>());
    lab::Certificates certificates(options["certs"].as<std::string>(), boost::algorithm::to_lower_copy(estate.host),
                                   options["ca"].as<std::string>());
    lab::Host host(std::move(estate));
    if (host.estate().cluster) host.join(host.estate().cluster, lab::ClusterService{});
    lab::Enumerations enumerations;
    lab::Subscriptions subscriptions;
    lab::Server server{host, enumerations, subscriptions, accounts};
    lab::Listener listener(server, certificates, address, options["tls-port"].as<unsigned short>());
    host.changed = [&listener] { listener.follow_state(); };
    listener.run();
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        run(read_options(argc, argv));
    } catch (const std::exception& wrong) {
        std::cerr << "hvhost: " << wrong.what() << std::endl;
        return 1;
    }
    return 0;
}
