# The domain: tickets, names, LDAPS with the lab's CA, and the planted faults as LDAP shows them.

expect "the operator gets a ticket" '^krbtgt/CORP' "$(become operator && klist | grep -o 'krbtgt/CORP.*')"
expect "HTTP and cifs are had through HOST's aliases" 'kvno = 1.*kvno = 1' \
    "$(kvno HTTP/hv01.corp.example cifs/hv02 2>&1 | tr '\n' ' ')"
expect "LDAP by GSSAPI, sealed" '^dn: CN=HV01' \
    "$(ldapsearch -Q -N -Y GSSAPI -LLL -H "ldap://$LAB_DC" -b "$LAB_OU" '(cn=HV01)' dn 2>&1)"
expect "LDAPS with the lab's CA takes a password" '^dn: CN=HV02' \
    "$(LDAPTLS_CACERT=$LAB_CA ldapsearch -x -LLL -H "ldaps://$LAB_DC" -D "$LAB_OPERATOR@$LAB_DOMAIN" \
        -y "$LAB_OPERATOR_PASSWORD_FILE" -b "$LAB_OU" '(cn=HV02)' dn 2>&1)"
expect "a password without TLS is refused (8)" 'Strong\(er\) authentication required' \
    "$(ldapsearch -x -LLL -H "ldap://$LAB_DC" -D "$LAB_OPERATOR@$LAB_DOMAIN" \
        -y "$LAB_OPERATOR_PASSWORD_FILE" -b "$LAB_OU" '(cn=HV02)' dn 2>&1)"

account() {
    ldapsearch -Q -N -Y GSSAPI -LLL -o ldif-wrap=no -H "ldap://$LAB_DC" -b "$LAB_OU" "(cn=$1)" "$2" 2>&1
}
expect "HV01 carries foreign values" 'MSSQLSvc/sql01.corp.example:1433' "$(account HV01 msDS-AllowedToDelegateTo)"
expect "HV01 has half of its peers' values" '^8$' "$(account HV01 msDS-AllowedToDelegateTo | grep -c AllowedToDelegateTo:)"
expect "HV02 has no values" '^0$' "$(account HV02 msDS-AllowedToDelegateTo | grep -c AllowedToDelegateTo:)"
expect "HV02 has no protocol transition" ': 4096$' "$(account HV02 userAccountControl)"
expect "HV03 has all values of three peers" '^12$' "$(account HV03 msDS-AllowedToDelegateTo | grep -c AllowedToDelegateTo:)"
expect "HV04 is trusted without limits" ": $((0x81000))\$" "$(account HV04 userAccountControl)"
expect "HV04 lacks one migration SPN" '^1$' "$(account HV04 servicePrincipalName | grep -c 'System Migration Service/')"
