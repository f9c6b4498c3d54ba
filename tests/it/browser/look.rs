//! How a page is looked at: on what, in which language, in which light, with a script or without.

/// One way to look. The functions without an argument are what [`journeys!`](crate::journeys) can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Device pixels per pixel.
    pub(crate) scale: u32,
    /// A phone: touch, and the page decides how wide it is.
    pub(crate) mobile: bool,
    pub(crate) script: bool,
    pub(crate) dark: bool,
    /// As in `Accept-Language`.
    pub(crate) language: &'static str,
    /// Wants no movement.
    pub(crate) still: bool,
}

const PHONE: Look =
    Look { width: 390, height: 844, scale: 2, mobile: true, script: true, dark: false, language: "zh-CN,zh", still: false };
const DESKTOP: Look = Look { width: 1_280, height: 800, scale: 1, mobile: false, ..PHONE };

impl Look {
    pub(crate) fn phone() -> Self {
        PHONE
    }

    pub(crate) fn phone_without_script() -> Self {
        PHONE.without_script()
    }

    pub(crate) fn phone_dark() -> Self {
        PHONE.dark()
    }

    pub(crate) fn phone_english() -> Self {
        PHONE.english()
    }

    pub(crate) fn desktop() -> Self {
        DESKTOP
    }

    pub(crate) fn desktop_without_script() -> Self {
        DESKTOP.without_script()
    }

    pub(crate) fn desktop_dark() -> Self {
        DESKTOP.dark()
    }

    pub(crate) fn without_script(self) -> Self {
        Self { script: false, ..self }
    }

    pub(crate) fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    pub(crate) fn english(self) -> Self {
        Self { language: "en", ..self }
    }

    pub(crate) fn still(self) -> Self {
        Self { still: true, ..self }
    }

    /// As it stands in the names of pictures.
    pub(crate) fn name(self) -> String {
        let mut words = vec![if self.mobile { "phone" } else { "desktop" }];
        let more = [(!self.script, "without-script"), (self.dark, "dark"), (self.language == "en", "en"), (self.still, "still")];
        words.extend(more.iter().filter(|(is, _)| *is).map(|(_, word)| *word));
        words.join("-")
    }
}
