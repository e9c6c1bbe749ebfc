/*
 * Stands in for powershell.exe, which under Wine prints nothing: takes the script out of its command line and answers each query
 * it finds there with the query's name, as PowerShell would, one line when its turn comes. MUSTER_STAND_IN=hang says nothing after
 * the third; anything about progress goes to stderr, as PowerShell has it.
 */
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <wincrypt.h>
#include <wchar.h>

static void say(DWORD stream, const char *text) {
  DWORD written;
  WriteFile(GetStdHandle(stream), text, lstrlenA(text), &written, NULL);
}

int wmain(int count, WCHAR **arguments) {
  static const WCHAR *expected[] = { L"-NoProfile", L"-NonInteractive", L"-NoLogo", L"-EncodedCommand" };
  char line[512];
  if (count != 6) return 64;
  for (int i = 0; i < 4; i += 1) {
    if (lstrcmpW(arguments[i + 1], expected[i]) != 0) return 64;
  }
  DWORD size = 0;
  if (!CryptStringToBinaryW(arguments[5], 0, CRYPT_STRING_BASE64, NULL, &size, NULL, NULL)) return 65;
  WCHAR *script = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size + sizeof(WCHAR));
  CryptStringToBinaryW(arguments[5], 0, CRYPT_STRING_BASE64, (BYTE *)script, &size, NULL, NULL);
  WCHAR mode[16] = L"";
  GetEnvironmentVariableW(L"MUSTER_STAND_IN", mode, 16);
  say(STD_ERROR_HANDLE, "#< CLIXML\r\n");
  static const WCHAR mark[] = L"\nWrite-Answer '";
  int answered = 0;
  for (WCHAR *at = wcsstr(script, mark); at != NULL; at = wcsstr(at + 1, mark)) {
    char name[64] = "";
    for (int i = 0; at[i + 15] != L'\'' && i < 63; i += 1) name[i] = (char)at[i + 15];
    if (lstrcmpW(mode, L"hang") == 0 && answered == 3) Sleep(INFINITE);
    if (lstrcmpA(name, "wmi-tpm") == 0) {
      wsprintfA(line, "@muster:%s:-:HRESULT 0x80041003,Microsoft.Management@end\r\n", name);
    } else {
      wsprintfA(line, "@muster:%s:+:[{\"Query\":\"%s\",\"Text\":\"\\u00fc\\u0040\"}]@end\r\n", name, name);
    }
    say(STD_OUTPUT_HANDLE, line);
    answered += 1;
  }
  return 0;
}
