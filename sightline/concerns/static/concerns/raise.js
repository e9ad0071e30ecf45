// Opened from another page of this service, the form says where that was by its title as well.
// Without script it says so by its address alone.
const from = document.querySelector("form input[name=from]")?.value;
const seen = document.querySelector("form [name=where_seen]");

const titleOfOpener = () => {
  try {
    const { location, document: page } = window.opener;
    return location.pathname === from ? page.title.replace(/ - [^-]*$/, "") : "";
  } catch {
    return ""; // no page opened this one, or it has gone elsewhere since
  }
};

if (from && seen && seen.value === seen.defaultValue && seen.value.endsWith(`age ${from}`)) {
  const title = titleOfOpener();
  if (title && !seen.value.includes(title)) {
    seen.value = `${title}. ${seen.value}`;
  }
}
